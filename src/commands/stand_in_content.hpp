// SPDX-License-Identifier: Apache-2.0
// A wheel that names itself a package's fallback: whether it is one, or another's wheel without its compiled
// code.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "catalog/recipe.hpp"

namespace wheelfit::commands {

// What a wheel holds, by the names of its members.
struct WheelContent {
  std::vector<std::string> names;
  std::function<std::string(std::size_t)> read;  // a member's text
};

// Why it is no fallback of `recipe`, which must have one; empty where it is: made by a wheelfit (of any
// version), with nothing inside but the package, which says what it is and wants no compiled module.
Text obstacle_to_stand_in(const catalog::Recipe& recipe, const WheelContent& content);

}  // namespace wheelfit::commands
