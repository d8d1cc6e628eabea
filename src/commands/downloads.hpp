// SPDX-License-Identifier: Apache-2.0
// Where downloads go: the store, or with --no-store a directory that goes with this run.
#pragma once

#include <optional>

#include "commands/environment_step.hpp"
#include "fetch/fetch.hpp"
#include "system/temp_directory.hpp"

namespace wheelfit::commands {

struct Downloads {
  Downloads(const Settings& settings, const system::World& world) {
    if (settings.store.keep)
      store.directory = store_directory(settings, world);
    else
      store.directory = temporary.emplace(system::temporary_files(world.variables)).path();
  }
  std::optional<system::TempDirectory> temporary;
  fetch::Store store;
};

}  // namespace wheelfit::commands
