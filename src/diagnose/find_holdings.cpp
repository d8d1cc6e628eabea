// SPDX-License-Identifier: Apache-2.0
#include "diagnose/find_holdings.hpp"

#include <algorithm>
#include <array>

#include "system/disk.hpp"
#include "system/file_lock.hpp"

namespace wheelfit::diagnose {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t hour = 3600;
constexpr std::int64_t day = 24 * hour;

// pip's tempfile names, and wheelfit's own.
constexpr std::array<std::string_view, 12> temporary_prefixes{
    "pip-unpack-",         "pip-install-",  "pip-build-env-", "pip-build-tracker-",
    "pip-ephem-wheel-",    "pip-wheel-",    "pip-metadata-",  "pip-modern-metadata-",
    "pip-standalone-pip-", "pip-download-", "pip-req-",       ".wheelfit-"};

std::int64_t last_change(const fs::path& path) {
  std::int64_t newest = 0;
  system::walk_files(path, [&](const system::WalkedFile& file) { newest = std::max(newest, file.changed); });
  return newest;
}

std::vector<fs::path> children(const fs::path& directory) {
  std::vector<fs::path> found;
  std::error_code failed;
  for (fs::directory_iterator entry(directory, failed), end; !failed && entry != end; entry.increment(failed))
    found.push_back(entry->path());
  std::ranges::sort(found);
  return found;
}

std::vector<fs::path> idle_children(const fs::path& directory, std::int64_t before) {
  std::vector<fs::path> found = children(directory);
  std::erase_if(found, [&](const fs::path& path) { return last_change(path) > before; });
  return found;
}

// Builds that nobody works on: each holds its lock while it goes on.
std::vector<fs::path> ended_builds(const fs::path& directory, std::int64_t before) {
  std::vector<fs::path> found = idle_children(directory, before);
  std::erase_if(found, [](const fs::path& path) {
    std::error_code failed;
    return fs::exists(path / "lock", failed) && !system::FileLock::try_acquire(path / "lock");
  });
  return found;
}

std::vector<fs::path> left_temporary(const HoldingPlaces& places) {
  std::vector<fs::path> found = children(places.temporary);
  std::erase_if(found, [&](const fs::path& path) {
    const std::string name = path.filename().string();
    return std::ranges::none_of(temporary_prefixes,
                                [&](std::string_view prefix) { return name.starts_with(prefix); }) ||
           last_change(path) > places.now - day;
  });
  return found;
}

std::vector<fs::path> below(const std::optional<fs::path>& directory,
                            std::initializer_list<const char*> names) {
  std::vector<fs::path> found;
  std::error_code failed;
  for (const char* name : names)
    if (directory && fs::exists(*directory / name, failed)) found.push_back(*directory / name);
  return found;
}

std::vector<fs::path> paths_of(HoldingKind kind, const HoldingPlaces& places) {
  switch (kind) {
    case HoldingKind::temporary:
      return left_temporary(places);
    case HoldingKind::store_listings:
      return below(places.store, {"listings"});
    case HoldingKind::apt_archives:
      return below(places.root / "var/cache/apt", {"archives"});
    case HoldingKind::apt_lists:
      return below(places.root / "var/lib/apt", {"lists"});
    case HoldingKind::bytecode:
      return places.site_directories;
    case HoldingKind::pip_http:
      return below(places.pip_cache, {"http", "http-v2"});
    case HoldingKind::uv_cache:
      return places.uv_cache ? below(places.uv_cache->parent_path(), {places.uv_cache->filename().c_str()})
                             : std::vector<fs::path>();
    case HoldingKind::store_partial:
      return below(places.store, {"partial"});
    case HoldingKind::store_wheels:
      return below(places.store, {"wheels", "made"});
    case HoldingKind::builds:
      return ended_builds(places.store / "builds", places.now - hour);
    case HoldingKind::pip_wheels:
      return below(places.pip_cache, {"wheels"});
  }
  return {};
}

// Directories named __pycache__, however deep.
void count_bytecode(const fs::path& directory, BlockCount& count, Holding& holding) {
  std::error_code failed;
  for (fs::recursive_directory_iterator
           entry(directory, fs::directory_options::skip_permission_denied, failed),
       end;
       !failed && entry != end; entry.increment(failed)) {
    std::error_code gone;
    if (entry->path().filename() != "__pycache__" || !entry->is_directory(gone)) continue;
    entry.disable_recursion_pending();
    system::walk_files(entry->path(), [&](const system::WalkedFile& file) { count.add(holding, file); });
  }
}

Holding counted(HoldingKind kind, std::vector<fs::path> paths, BlockCount& count) {
  Holding holding;
  holding.kind = kind;
  holding.paths = std::move(paths);
  for (const fs::path& path : holding.paths) {
    if (kind == HoldingKind::bytecode)
      count_bytecode(path, count, holding);
    else
      system::walk_files(path, [&](const system::WalkedFile& file) { count.add(holding, file); });
  }
  if (!holding.paths.empty()) {
    if (const auto disk = system::disk_of(holding.paths.front())) {
      holding.device = disk->device;
      holding.filesystem = disk->filesystem;
    }
  }
  return holding;
}

}  // namespace

std::vector<Holding> find_holdings(const HoldingPlaces& places) {
  std::vector<Holding> holdings;
  BlockCount count;
  for (int kind = 0; kind <= static_cast<int>(HoldingKind::pip_wheels); ++kind) {
    const auto which = static_cast<HoldingKind>(kind);
    Holding holding = counted(which, paths_of(which, places), count);
    if (holding.bytes > 0 || holding.frees > 0) holdings.push_back(std::move(holding));
  }
  return holdings;
}

}  // namespace wheelfit::diagnose
