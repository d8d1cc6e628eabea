// SPDX-License-Identifier: Apache-2.0
// Where downloads go: the store, where what killed runs left half made is swept first, or with --no-store a
// directory that goes with this run.
#pragma once

#include <optional>

#include "commands/environment_step.hpp"
#include "fetch/fetch.hpp"
#include "system/temp_directory.hpp"

namespace wheelfit::commands {

struct Downloads {
  Downloads(const Settings& settings, const system::World& world);
  std::optional<system::TempDirectory> temporary;
  fetch::Store store;
};

}  // namespace wheelfit::commands
