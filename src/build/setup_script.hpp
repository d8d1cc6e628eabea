// SPDX-License-Identifier: Apache-2.0
// Runs a package's own setup.py, with wheelfit in the place of ninja: setup.py says what is to be compiled
// and how, wheelfit compiles it, and setup.py, run again, links and packs.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <variant>

#include "build/ninja_file.hpp"
#include "build/workplace.hpp"
#include "system/environment_variables.hpp"
#include "system/process.hpp"

namespace wheelfit::build {

struct SetupRun {
  std::filesystem::path python;
  std::map<std::string, std::string> variables;
};

struct WantsCompiled {
  NinjaFile file;
  std::string text;  // as written: what mark_compiled() takes
};
struct WheelMade {
  std::filesystem::path wheel;
};
struct SetupFailed {
  std::string output;  // of both streams
};
using SetupOutcome = std::variant<WantsCompiled, WheelMade, SetupFailed>;

// Once. Its output goes to the build's log. Throws Error{machine} where Python cannot be started.
SetupOutcome run_setup(const SetupRun& run, const Workplace& place,
                       const system::EnvironmentVariables& variables, system::ProcessRunner& processes);

// From now on setup.py is told that these files are compiled.
void mark_compiled(const WantsCompiled& wanted, const Workplace& place);

}  // namespace wheelfit::build
