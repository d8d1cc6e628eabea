// SPDX-License-Identifier: Apache-2.0
// What the requirements of a wheel are judged by: an environment's markers and what is installed in it.
#pragma once

#include "install/companions.hpp"
#include "probe/environment.hpp"

namespace wheelfit::commands {

// Of an environment that is only described, torch counts as installed where its version is known.
install::Premises premises_of(const probe::Environment& environment);

// Throws Error{refused, "dependency"} for the first: what is installed stays where it is.
void refuse_conflicts(const std::vector<install::DependencyConflict>& conflicts);

}  // namespace wheelfit::commands
