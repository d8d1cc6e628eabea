// SPDX-License-Identifier: Apache-2.0
// One whole run: command line → verb → exit code; every error is rendered here and nowhere else.
#pragma once

#include <string>
#include <vector>

#include "base/exit_code.hpp"
#include "render/output.hpp"
#include "system/world.hpp"

namespace wheelfit::cli {

// What the standard streams are.
struct Streams {
  bool results_terminal = false;
  bool messages_terminal = false;
  int columns = 0;  // 0: not known
};

// Throws nothing.
ExitCode run(const std::vector<std::string>& arguments, system::World& world, render::Output& output,
             const Streams& streams) noexcept;

}  // namespace wheelfit::cli
