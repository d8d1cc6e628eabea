// SPDX-License-Identifier: Apache-2.0
// Which addresses an install would talk to.
#pragma once

#include <vector>

#include "catalog/catalog.hpp"
#include "diagnose/diagnosis.hpp"
#include "system/environment_variables.hpp"

namespace wheelfit::commands {

// `index`: the setting that names the package index.
std::vector<diagnose::Place> places_to_ask(const catalog::Recipe& recipe,
                                           const catalog::ListingRequest& request,
                                           const Fact<std::string>& index,
                                           const system::EnvironmentVariables& variables);

}  // namespace wheelfit::commands
