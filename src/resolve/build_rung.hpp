// SPDX-License-Identifier: Apache-2.0
// The rung that makes what nobody offers: a wheel built here, from the source distribution.
#pragma once

#include <vector>

#include "catalog/recipe.hpp"
#include "catalog/source_distribution.hpp"
#include "probe/environment.hpp"
#include "resolve/decision.hpp"

namespace wheelfit::resolve {

// The newest source distribution that the wishes, this Python and the recipe admit; nullptr: none.
const catalog::SourceDistribution* source_to_build(const probe::Environment& environment,
                                                   const catalog::Recipe& recipe,
                                                   const std::vector<catalog::SourceDistribution>& sdists,
                                                   const python::SpecifierSet& wish);

// Why nothing can be built here, as far as the environment says it; empty where it may be tried. What only
// the compilers can say is asked by `build` itself.
Text obstacle_to_build(const probe::Environment& environment, const catalog::Recipe& recipe,
                       const Wishes& wishes, const catalog::SourceDistribution* source);

Chosen to_be_built(const catalog::Recipe& recipe, const catalog::SourceDistribution& source);

}  // namespace wheelfit::resolve
