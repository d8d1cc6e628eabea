// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "commands/decide.hpp"
#include "commands/settings.hpp"

namespace wheelfit::commands {

// The flags in force that a command which follows a plan must repeat; without --trust and --offline, and
// without anything that may hold a credential.
std::vector<std::string> flags_to_repeat(const Settings& settings);
// And what the decision rests on: a package of conda's may be in the channel that was named, and in no other.
std::vector<std::string> flags_to_repeat(const Settings& settings, const Decided& decided);

}  // namespace wheelfit::commands
