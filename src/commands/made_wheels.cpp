// SPDX-License-Identifier: Apache-2.0
#include "commands/made_wheels.hpp"

#include <algorithm>
#include <chrono>
#include <vector>

#include "base/error.hpp"
#include "system/files.hpp"

namespace wheelfit::commands {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::minutes patience{30};  // gigabytes are unpacked and hashed

// A wheel gets its name by a rename once it is whole.
bool is_whole(const fs::path& path) {
  return path.extension() == ".whl" && !path.filename().string().starts_with('.');
}

std::vector<fs::path> children(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code failed;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed))
    found.push_back(entry->path());
  return found;
}

bool holds_leftovers(const fs::path& folder) {
  const auto found = children(folder);
  return found.empty() || !std::ranges::all_of(found, is_whole);
}

fs::path lock_of(const fs::path& store, const std::string& key) { return store / "locks" / key; }

// The lock is held.
void remove_leftovers(const fs::path& folder) {
  for (const fs::path& path : children(folder))
    if (!is_whole(path)) system::remove_quietly(path);
}

}  // namespace

fs::path made_folder(const fs::path& store, const std::string& key) { return store / "made" / key; }

std::optional<fs::path> made_wheel(const fs::path& folder) {
  for (const fs::path& path : children(folder))
    if (is_whole(path)) return path;
  return std::nullopt;
}

system::FileLock lock_made(const fs::path& store, const std::string& key,
                           const std::function<void()>& waiting) {
  system::FileLock lock = system::FileLock::acquire(lock_of(store, key), patience, waiting);
  remove_leftovers(made_folder(store, key));
  return lock;
}

void sweep_made(const fs::path& store) noexcept try {
  for (const fs::path& folder : children(store / "made")) {
    if (!fs::is_directory(fs::symlink_status(folder)) || !holds_leftovers(folder)) continue;
    const auto lock = system::FileLock::try_acquire(lock_of(store, folder.filename().string()));
    if (!lock) continue;
    remove_leftovers(folder);
    std::error_code in_use;
    fs::remove(folder, in_use);  // where nothing is left
  }
} catch (const std::exception&) {
  // A store that this user may only read: whoever may write sweeps it.
}

}  // namespace wheelfit::commands
