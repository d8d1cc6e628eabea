// SPDX-License-Identifier: Apache-2.0
// Where programs keep their caches. Pure.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "system/environment_variables.hpp"

namespace wheelfit::commands {

// `name` under XDG_CACHE_HOME, else under ~/.cache; nullopt where neither is known.
std::optional<std::filesystem::path> home_cache(const system::EnvironmentVariables& variables,
                                                std::string_view name);

// UV_CACHE_DIR, else its home_cache().
std::optional<std::filesystem::path> uv_cache(const system::EnvironmentVariables& variables);

}  // namespace wheelfit::commands
