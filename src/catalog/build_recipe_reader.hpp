// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catalog/build_recipe.hpp"
#include "catalog/data_table.hpp"

namespace wheelfit::catalog {

// Reads [build] to its end. Throws Error{usage} that names the line of what is wrong.
BuildRecipe read_build_recipe(DataTable& table);

}  // namespace wheelfit::catalog
