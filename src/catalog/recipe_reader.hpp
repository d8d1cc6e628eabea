// SPDX-License-Identifier: Apache-2.0
// data/packages/<name>.toml -> Recipe (docs/formats/recipe.md).
#pragma once

#include <string>
#include <string_view>

#include "catalog/recipe.hpp"

namespace wheelfit::catalog {

// `file` is named in errors. Throws Error{usage} that names the line of what is wrong.
Recipe read_recipe(std::string_view text, const std::string& file);

}  // namespace wheelfit::catalog
