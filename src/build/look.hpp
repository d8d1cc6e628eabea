// SPDX-License-Identifier: Apache-2.0
// Asks the machine's compilers what they are.
#pragma once

#include "build/obstacles.hpp"
#include "system/environment_variables.hpp"
#include "system/process.hpp"

namespace wheelfit::build {

// Starts nvcc and the C++ compiler, each for a moment; what does not answer stays unknown. CXX counts, as for
// torch. `nvcc` of the environment is the one that torch would take.
Tools look_at_tools(const probe::Environment& environment, const system::EnvironmentVariables& variables,
                    system::ProcessRunner& processes);

// "release 13.0, V13.0.88" -> 13.0.88
std::optional<python::Version> version_of_nvcc(std::string_view output);
// crt/host_config.h: "#if __GNUC__ > 15" -> 15
std::optional<int> newest_gcc_in(std::string_view header);

}  // namespace wheelfit::build
