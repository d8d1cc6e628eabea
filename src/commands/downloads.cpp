// SPDX-License-Identifier: Apache-2.0
#include "commands/downloads.hpp"

#include "commands/made_wheels.hpp"

namespace wheelfit::commands {

Downloads::Downloads(const Settings& settings, const system::World& world) {
  if (settings.store.keep) {
    store.directory = store_directory(settings, world);
    sweep_made(store.directory);
  } else {
    store.directory = temporary.emplace(system::temporary_files(world.variables)).path();
  }
}

}  // namespace wheelfit::commands
