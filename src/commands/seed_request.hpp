// SPDX-License-Identifier: Apache-2.0
// What `seed` is asked to do. Plain values.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace wheelfit::commands {

enum class SeedAction { place, list, audit, undo };

struct SeedRequest {
  SeedAction action = SeedAction::place;
  std::vector<std::string> subjects;  // one wheel; for undo: names, none for all
  std::optional<std::string> link;    // as pip holds it, with its fragment
  std::optional<std::filesystem::path> pip_cache_directory;
  std::optional<std::filesystem::path> find_links;  // where to make a directory of wheels instead
  bool for_uv = false;
  bool evict = false;
};

}  // namespace wheelfit::commands
