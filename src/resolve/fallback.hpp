// SPDX-License-Identifier: Apache-2.0
// The last rung: a package of ours in the place of one of which no wheel fits.
#pragma once

#include "catalog/recipe.hpp"
#include "probe/environment.hpp"
#include "resolve/decision.hpp"

namespace wheelfit::resolve {

// Why the fallback could not run here, or is not what was asked for; empty where it could be taken.
Text obstacle_to_fallback(const probe::Environment& environment, const catalog::Recipe& recipe,
                          const Wishes& wishes);

// Whether the caller has given the word for it.
bool fallback_permitted(const catalog::Recipe& recipe, const Wishes& wishes);

// For the newest release that is wished for. There must be no obstacle.
Chosen stand_in(const catalog::Recipe& recipe, const Wishes& wishes);

}  // namespace wheelfit::resolve
