// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "probe/environment.hpp"
#include "probe/rooted_files.hpp"
#include "system/environment_variables.hpp"

namespace wheelfit::probe {

// Cores and memory that this process may use, and the room where files will go: site-packages, the store (""
// leaves it out), and TMPDIR.
Machine describe_machine(const Interpreter& interpreter, const std::filesystem::path& store,
                         const system::EnvironmentVariables& variables, const RootedFiles& files);

}  // namespace wheelfit::probe
