// SPDX-License-Identifier: Apache-2.0
// What a build would take, told from what is known of the package alone: nothing is fetched, no compiler
// asked.
#pragma once

#include "catalog/recipe.hpp"
#include "commands/build_settings.hpp"
#include "probe/environment.hpp"
#include "resolve/decision.hpp"

namespace wheelfit::commands {

// Fills the forecast of a decision to build. What is not known stays unknown: a version whose files are not
// counted, a machine whose memory is not known.
void foresee_build(resolve::Decision& decision, const catalog::Recipe& recipe, const BuildSettings& settings,
                   const probe::Environment& environment);

}  // namespace wheelfit::commands
