// SPDX-License-Identifier: Apache-2.0
// What is installed, from the names and small files of .dist-info and .egg-info.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probe/environment.hpp"

namespace wheelfit::probe {

// Over all directories, in order: of one name the first counts, as for importlib.metadata. Sorted by name.
// Left-overs of interrupted uninstalls ("~orch-2.0.dist-info") are passed over. A name that one directory
// holds twice is told in `remarks`.
std::vector<InstalledDistribution> find_distributions(
    const std::vector<std::filesystem::path>& site_directories, std::vector<std::string>& remarks);

struct DistributionName {
  std::string name;     // as written
  std::string version;  // "" where the directory name does not say
};
// "flash_attn-2.8.3+cu12.dist-info", "six-1.16.0-py3.11.egg-info", "six.egg-info"; nullopt for anything else.
std::optional<DistributionName> parse_metadata_directory(std::string_view name);

}  // namespace wheelfit::probe
