// SPDX-License-Identifier: Apache-2.0
// What lies in pip's wheel cache.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "python/wheel_filename.hpp"

namespace wheelfit::pipcache {

struct CachedWheel {
  std::filesystem::path file;
  python::WheelFilename name;
  std::uint64_t size = 0;
};

// In one directory of the cache: what pip would look at. Sorted by name.
std::vector<CachedWheel> cached_in(const std::filesystem::path& directory);

// Everywhere below `cache`/wheels, sorted by distribution. Links are not followed; what cannot be read is
// left out.
std::vector<CachedWheel> inventory(const std::filesystem::path& cache);

}  // namespace wheelfit::pipcache
