// SPDX-License-Identifier: Apache-2.0
// From what was seen to what is wrong and what would mend it. Pure.
#pragma once

#include <vector>

#include "base/reason.hpp"
#include "diagnose/diagnosis.hpp"
#include "probe/environment.hpp"

namespace wheelfit::diagnose {

// `against`: what speaks against every wheel here (no torch, a driver too old, ...), found by others.
std::vector<Finding> judge_environment(const probe::Environment& environment,
                                       const std::vector<Reason>& against);
std::vector<Finding> judge_surroundings(const probe::Environment& environment, const Surroundings& seen);
// `package`: what the index was asked for.
std::vector<Finding> judge_network(const std::vector<Sight>& sights, const std::string& package);
// Neither a setting nor an installed pip names a package index, so none could be asked.
Finding no_index_known();

// What is wrong with one place; nullopt: nothing.
std::optional<Finding> judge_sight(const Sight& sight, const std::string& package);

// The worst first; the order of each severity stays.
void sort_by_severity(std::vector<Finding>& findings);

}  // namespace wheelfit::diagnose
