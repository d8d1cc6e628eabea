// SPDX-License-Identifier: Apache-2.0
// What a decision will write, and where, asked before the first byte is written.
#pragma once

#include <vector>

#include "commands/decide.hpp"
#include "commands/settings.hpp"
#include "fetch/fetch.hpp"
#include "probe/environment.hpp"
#include "system/room.hpp"
#include "system/world.hpp"

namespace wheelfit::commands {

// What happens to a wheel once it is here, beside being kept in the store.
enum class Fate {
  kept,      // nothing
  unpacked,  // into the environment
  examined,  // its code is unpacked into a temporary directory, for as long as it is looked at
};

// Of the wheel that was chosen. What is not known counts as little as it can be: a wheel never unpacks to
// less than it is.
std::vector<system::Need> needs_of(const Decided& decided, Fate fate, const probe::Environment& environment,
                                   const fetch::Store& store, const system::World& world);

// Throws Error{machine} "disk-full" where they do not all fit, `beside` them what else will be written.
void require_room_for(const std::vector<Decided>& decisions, Fate fate, const probe::Environment& environment,
                      const fetch::Store& store, const system::World& world,
                      std::vector<system::Need> beside = {});

}  // namespace wheelfit::commands
