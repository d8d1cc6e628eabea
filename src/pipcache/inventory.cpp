// SPDX-License-Identifier: Apache-2.0
#include "pipcache/inventory.hpp"

#include <algorithm>
#include <optional>

#include "pipcache/seed.hpp"

namespace wheelfit::pipcache {

namespace fs = std::filesystem;

namespace {

std::optional<CachedWheel> cached_wheel(const fs::directory_entry& entry) {
  std::error_code failed;
  if (entry.is_symlink(failed) || !entry.is_regular_file(failed) || failed) return std::nullopt;
  auto name = python::WheelFilename::parse(entry.path().filename().string());
  if (!name) return std::nullopt;
  const auto size = entry.file_size(failed);
  return CachedWheel{entry.path(), std::move(*name), failed ? 0 : size};
}

}  // namespace

std::vector<CachedWheel> cached_in(const fs::path& directory) {
  std::vector<CachedWheel> wheels;
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, failed))
    if (auto wheel = cached_wheel(entry)) wheels.push_back(std::move(*wheel));
  std::sort(wheels.begin(), wheels.end(),
            [](const CachedWheel& left, const CachedWheel& right) { return left.file < right.file; });
  return wheels;
}

std::vector<CachedWheel> inventory(const fs::path& cache) {
  std::vector<CachedWheel> wheels;
  std::error_code failed;
  const auto options = fs::directory_options::skip_permission_denied;
  for (auto at = fs::recursive_directory_iterator(cache / "wheels", options, failed);
       !failed && at != fs::recursive_directory_iterator(); at.increment(failed)) {
    if (at.depth() != 4 || !is_cache_place(at->path().parent_path())) continue;
    if (auto wheel = cached_wheel(*at)) wheels.push_back(std::move(*wheel));
  }
  std::sort(wheels.begin(), wheels.end(), [](const CachedWheel& left, const CachedWheel& right) {
    return std::pair(left.file.filename(), left.file) < std::pair(right.file.filename(), right.file);
  });
  return wheels;
}

}  // namespace wheelfit::pipcache
