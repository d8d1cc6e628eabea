// SPDX-License-Identifier: Apache-2.0
// What a wheel needs beside itself. wheelfit installs no dependency: the environment's own installer does,
// with everything that is there held where it is.
#pragma once

#include <string>
#include <vector>

#include "base/reporter.hpp"
#include "commands/settings.hpp"
#include "install/install.hpp"
#include "probe/environment.hpp"
#include "resolve/decision.hpp"
#include "system/room.hpp"
#include "system/world.hpp"

namespace wheelfit::commands {

// Returns the distributions that were added. Throws Error{refused} where an installed distribution (torch
// above all) would have to be moved, Error{unreachable} where the installer could not get a missing one.
std::vector<std::string> add_missing_dependencies(const install::WheelSummary& summary,
                                                  const probe::Environment& environment,
                                                  const Settings& settings, system::World& world,
                                                  Reporter& report);

// What the installer will write for what is foreseen, and where. What is not known counts as little as it can
// be.
std::vector<system::Need> room_for_dependencies(const resolve::Forecast& forecast,
                                                const probe::Environment& environment,
                                                const Settings& settings, const system::World& world);

// Takes away again what add_missing_dependencies() added.
void remove_dependencies(const std::vector<std::string>& names, const install::Destination& destination,
                         Reporter& report);

}  // namespace wheelfit::commands
