// SPDX-License-Identifier: Apache-2.0
#include "proof/library_cache.hpp"

#include <algorithm>
#include <list>
#include <span>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "system/files.hpp"

namespace wheelfit::proof {
namespace {

namespace fs = std::filesystem;

constexpr int most_links = 40;  // as Linux allows
constexpr std::uint64_t largest_loader_cache = 64U << 20U;

}  // namespace

LibraryCache::LibraryCache(fs::path root) : root_(std::move(root)) {}

fs::path LibraryCache::on_machine(const fs::path& path) const { return root_ / path.relative_path(); }

void LibraryCache::stage(const fs::path& path, fs::path staged) {
  staged_.insert_or_assign(path.lexically_normal(), std::move(staged));
}

std::optional<fs::path> LibraryCache::real_path(const fs::path& path) const {
  // One component after the other: an absolute link below a foreign root leads to that root.
  std::list<fs::path> pending(path.begin(), path.end());
  fs::path result = "/";
  int links = 0;
  while (!pending.empty()) {
    const fs::path name = pending.front();
    pending.pop_front();
    if (name.empty() || name == "." || name == "/") continue;
    if (name == "..") {
      // The kernel leaves only directories that are there: "none/../sub" does not exist.
      if (!is_directory(result)) return std::nullopt;
      result = result.parent_path();
      continue;
    }
    std::error_code none;
    const fs::path target = fs::read_symlink(on_machine(result / name), none);
    if (none) {
      result /= name;
      continue;
    }
    if (++links > most_links) return std::nullopt;
    if (target.is_absolute()) result = "/";
    pending.insert(pending.begin(), target.begin(), target.end());
  }
  std::error_code none;
  if (!fs::exists(on_machine(result), none)) return std::nullopt;
  return result;
}

bool LibraryCache::is_directory(const fs::path& real) const {
  const fs::path inside = real / "";
  const auto below = [&](const auto& row) { return row.first.native().starts_with(inside.native()); };
  std::error_code none;
  return fs::is_directory(on_machine(real), none) || std::ranges::any_of(staged_, below);
}

const OpenedLibrary& LibraryCache::open(const fs::path& path) {
  const auto known = by_path_.find(path);
  if (known != by_path_.end()) return known->second;
  const auto staged = staged_.find(path.lexically_normal());
  const auto real = staged != staged_.end() ? std::optional(staged->first) : real_path(path);
  if (!real) return by_path_.emplace(path, OpenedLibrary{}).first->second;
  auto read = by_real_path_.find(*real);
  if (read == by_real_path_.end()) {
    const fs::path file = staged != staged_.end() ? staged->second : on_machine(*real);
    read = by_real_path_.emplace(*real, load(*real, file)).first;
  }
  return by_path_.emplace(path, read->second).first->second;
}

OpenedLibrary LibraryCache::load(const fs::path& real, const fs::path& file) {
  std::error_code none;
  // open() takes a directory, read() does not: the loader's search ends there.
  if (fs::is_directory(file, none)) return {OpenState::unusable, nullptr, "a directory"};
  try {
    system::MappedFile mapped(file);
    const auto identity = binary::parse_elf_identity(mapped.bytes());
    if (!identity) return {OpenState::unusable, nullptr, identity.error().message};
    auto image = binary::ElfImage::parse(mapped.bytes());
    if (!image) {
      const bool foreign =
          identity->elf_class == binary::ElfClass::bits32 || identity->byte_order == binary::ByteOrder::big;
      return {foreign ? OpenState::other_machine : OpenState::unusable, nullptr, image.error().message};
    }
    libraries_.push_back(std::make_unique<Library>(Library{real, std::move(mapped), *std::move(image)}));
    return {OpenState::readable, libraries_.back().get(), {}};
  } catch (const Error& error) {
    return {OpenState::absent, nullptr, error.sentence().english()};
  }
}

std::vector<std::string> LibraryCache::names_in(const fs::path& directory) const {
  std::vector<std::string> names;
  std::error_code none;
  const auto real = real_path(directory);
  if (!real) return names;
  for (fs::directory_iterator at(on_machine(*real), none), end; !none && at != end; at.increment(none))
    names.push_back(at->path().filename().string());
  std::ranges::sort(names);
  return names;
}

const LoaderCache& LibraryCache::loader_cache() {
  if (!loader_cache_) {
    const auto content = system::read_file_if_any(on_machine("/etc/ld.so.cache"), largest_loader_cache);
    const auto bytes = std::as_bytes(std::span(content ? std::string_view(*content) : std::string_view{}));
    loader_cache_ = LoaderCache::parse(bytes).value_or(LoaderCache{});
  }
  return *loader_cache_;
}

}  // namespace wheelfit::proof
