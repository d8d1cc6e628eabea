// SPDX-License-Identifier: Apache-2.0
// Which addresses an install would talk to.
#pragma once

#include <vector>

#include "catalog/catalog.hpp"
#include "commands/settings.hpp"
#include "diagnose/diagnosis.hpp"
#include "probe/environment.hpp"
#include "system/environment_variables.hpp"

namespace wheelfit::commands {

// The addresses that `network` puts in the place of GitHub's, too. A channel of conda's where one is named or
// the environment is conda's: elsewhere it is asked only where no wheel fits.
std::vector<diagnose::Place> places_to_ask(const catalog::Recipe& recipe,
                                           const catalog::ListingRequest& request,
                                           const NetworkSettings& network,
                                           const probe::Environment& environment,
                                           const system::EnvironmentVariables& variables);

}  // namespace wheelfit::commands
