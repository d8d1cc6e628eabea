// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "commands/settings.hpp"

namespace wheelfit::commands {

// The flags in force that a command which follows a plan must repeat; without --trust and --offline, and
// without anything that may hold a credential.
std::vector<std::string> flags_to_repeat(const Settings& settings);

}  // namespace wheelfit::commands
