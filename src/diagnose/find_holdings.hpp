// SPDX-License-Identifier: Apache-2.0
// Looks for what takes space. Reads, and changes nothing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "diagnose/holding.hpp"

namespace wheelfit::diagnose {

struct HoldingPlaces {
  std::optional<std::filesystem::path> pip_cache;
  std::optional<std::filesystem::path> uv_cache;
  std::filesystem::path store;
  std::filesystem::path temporary;
  std::vector<std::filesystem::path> site_directories;  // the environment's own
  std::filesystem::path root;                           // where /var is
  std::int64_t now = 0;                                 // seconds since 1970
};

// In the order of HoldingKind; without those that hold nothing. What is in use is no holding: temporary files
// and builds in which something was written within the last day (an hour for builds).
std::vector<Holding> find_holdings(const HoldingPlaces& places);

}  // namespace wheelfit::diagnose
