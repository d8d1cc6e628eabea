// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "probe/text_scan.hpp"
#include "system/environment_variables.hpp"

namespace wheelfit::probe {

// The pieces of a variable that holds several, such as PATH; empty where it is not set.
inline std::vector<std::string> variable_list(const system::EnvironmentVariables& variables,
                                              std::string_view name, std::string_view separators = ":") {
  const std::string value = variables.get_nonempty(name).value_or("");
  const std::vector<std::string_view> pieces = split(value, separators);
  return {pieces.begin(), pieces.end()};
}

}  // namespace wheelfit::probe
