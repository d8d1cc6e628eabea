// SPDX-License-Identifier: Apache-2.0
// Driver and GPUs: from the kernel's files and, where there is a driver, from its own libraries.
#pragma once

#include <chrono>
#include <filesystem>

#include "probe/environment.hpp"
#include "probe/rooted_files.hpp"
#include "system/environment_variables.hpp"
#include "system/process.hpp"

namespace wheelfit::probe {

struct GpuChild {
  std::filesystem::path executable;  // started as `<executable> --probe-gpu-child`
  // A large machine without the persistence daemon takes seconds to wake its GPUs.
  std::chrono::milliseconds timeout{std::chrono::seconds(20)};
};

// Starts the child only where a driver's library or the kernel's files say that there may be a driver.
Accelerators find_accelerators(const GpuChild& child, const system::EnvironmentVariables& variables,
                               const RootedFiles& files, system::ProcessRunner& processes);

// "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.14  Thu Feb 22 ..." -> 550.54.14
std::optional<python::Version> version_in_proc_driver(std::string_view text);

}  // namespace wheelfit::probe
