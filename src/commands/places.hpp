// SPDX-License-Identifier: Apache-2.0
// Which addresses an install would talk to.
#pragma once

#include <vector>

#include "catalog/catalog.hpp"
#include "commands/settings.hpp"
#include "diagnose/diagnosis.hpp"
#include "system/environment_variables.hpp"

namespace wheelfit::commands {

// The addresses that `network` puts in the place of GitHub's, too. `index`: the setting that names the
// package index.
std::vector<diagnose::Place> places_to_ask(const catalog::Recipe& recipe,
                                           const catalog::ListingRequest& request,
                                           const NetworkSettings& network, const Fact<std::string>& index,
                                           const system::EnvironmentVariables& variables);

}  // namespace wheelfit::commands
