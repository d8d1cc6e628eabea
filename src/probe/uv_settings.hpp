// SPDX-License-Identifier: Apache-2.0
// What uv would use: UV_* variables over uv.toml (and [tool.uv] of a pyproject.toml) of the project, the user
// and the system.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "base/fact.hpp"
#include "probe/rooted_files.hpp"
#include "system/environment_variables.hpp"

namespace wheelfit::probe {

struct UvSettings {
  Fact<std::string> index_url;
  std::vector<Fact<std::string>> extra_index_urls;
  std::vector<Fact<std::string>> find_links;
  Fact<bool> no_index;

  friend bool operator==(const UvSettings&, const UvSettings&) = default;
};

UvSettings find_uv_settings(const system::EnvironmentVariables& variables,
                            const std::filesystem::path& current_directory, const RootedFiles& files);

enum class UvFile { uv_toml, pyproject_toml };
// Pure. A file that is no TOML, or has no [tool.uv], says nothing.
UvSettings parse_uv_settings(std::string_view text, UvFile kind, const std::string& source);

}  // namespace wheelfit::probe
