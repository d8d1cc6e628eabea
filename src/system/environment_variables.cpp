// SPDX-License-Identifier: Apache-2.0
#include "system/environment_variables.hpp"

#include <unistd.h>

namespace wheelfit::system {

EnvironmentVariables EnvironmentVariables::of_this_process() {
  std::map<std::string, std::string, std::less<>> values;
  for (char** at = environ; at != nullptr && *at != nullptr; ++at) {
    const std::string_view entry = *at;
    const std::size_t equals = entry.find('=');
    if (equals == std::string_view::npos || equals == 0) continue;
    values.emplace(entry.substr(0, equals), entry.substr(equals + 1));
  }
  return EnvironmentVariables(std::move(values));
}

std::optional<std::string> EnvironmentVariables::get(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

std::optional<std::string> EnvironmentVariables::get_nonempty(std::string_view name) const {
  std::optional<std::string> value = get(name);
  if (value && value->empty()) return std::nullopt;
  return value;
}

}  // namespace wheelfit::system
