// SPDX-License-Identifier: Apache-2.0
#include "commands/caches.hpp"

namespace wheelfit::commands {

std::optional<std::filesystem::path> home_cache(const system::EnvironmentVariables& variables,
                                                std::string_view name) {
  if (const auto cache = variables.get_nonempty("XDG_CACHE_HOME"))
    return std::filesystem::path(*cache) / name;
  if (const auto home = variables.get_nonempty("HOME")) return std::filesystem::path(*home) / ".cache" / name;
  return std::nullopt;
}

std::optional<std::filesystem::path> uv_cache(const system::EnvironmentVariables& variables) {
  if (const auto named = variables.get_nonempty("UV_CACHE_DIR")) return std::filesystem::path(*named);
  return home_cache(variables, "uv");
}

}  // namespace wheelfit::commands
