// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wheelfit::commands {

// The name that a typing error may have meant: within two edits (Damerau's, optimal string alignment), the
// nearest first; nullopt where none is near.
std::optional<std::string> nearest_name(std::string_view typed, const std::vector<std::string>& names);

}  // namespace wheelfit::commands
