// SPDX-License-Identifier: Apache-2.0
#include "diagnose/look_around.hpp"

#include "system/disk.hpp"
#include "system/files.hpp"

namespace wheelfit::diagnose {
namespace {

namespace fs = std::filesystem;

// A cache of years has hundreds of thousands: its size is not worth minutes.
constexpr std::uint64_t most_counted = 20'000;

fs::path nearest_existing(fs::path path) {
  std::error_code failed;
  while (!fs::exists(path, failed) && path.has_relative_path()) path = path.parent_path();
  return path;
}

void count(Folder& folder) {
  std::error_code failed;
  auto at =
      fs::recursive_directory_iterator(folder.path, fs::directory_options::skip_permission_denied, failed);
  for (; !failed && at != fs::recursive_directory_iterator(); at.increment(failed)) {
    std::error_code gone;
    if (at->is_symlink(gone) || !at->is_regular_file(gone)) continue;
    if (folder.files == most_counted) {
      folder.counted_all = false;
      return;
    }
    const auto size = at->file_size(gone);
    if (gone) continue;
    folder.files += 1;
    folder.bytes += size;
  }
}

enum class Contents { counted, ignored };

Folder folder_at(const fs::path& path, Contents contents) {
  Folder folder;
  folder.path = path;
  std::error_code failed;
  folder.exists = fs::exists(path, failed);
  const fs::path existing = nearest_existing(path);
  folder.writable = system::is_writable(existing);
  folder.owner = system::owner_of(existing).value_or("");
  if (const auto disk = system::disk_of(path)) folder.filesystem = disk->filesystem;
  if (folder.exists && contents == Contents::counted) count(folder);
  return folder;
}

}  // namespace

Surroundings look_around(const probe::Environment& environment, const fs::path& store) {
  Surroundings seen;
  const probe::Interpreter& interpreter = environment.interpreter;
  if (interpreter.scheme) seen.site_packages = folder_at(interpreter.scheme->platlib, Contents::ignored);
  if (environment.installer.cache_directory)
    seen.pip_cache = folder_at(*environment.installer.cache_directory, Contents::counted);
  seen.store = folder_at(store, Contents::counted);
  if (const auto* pip = interpreter.find("pip")) {
    std::error_code failed;
    seen.pip_has_files = pip->editable || fs::exists(pip->location / "pip" / "__init__.py", failed);
  }
  return seen;
}

}  // namespace wheelfit::diagnose
