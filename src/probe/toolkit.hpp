// SPDX-License-Identifier: Apache-2.0
// The CUDA toolkit that a build would use.
#pragma once

#include <optional>
#include <string_view>

#include "probe/environment.hpp"
#include "probe/rooted_files.hpp"
#include "system/environment_variables.hpp"

namespace wheelfit::probe {

// As torch's extension builder looks: CUDA_HOME (or CUDA_PATH), nvcc on PATH, /usr/local/cuda; before those,
// an environment's own (conda's cuda-nvcc puts it into <prefix>/bin). No process is started.
Toolkit find_toolkit(const Interpreter& interpreter, const system::EnvironmentVariables& variables,
                     const RootedFiles& files);

// version.json of a toolkit: {"cuda": {"version": "12.4.1"}}, or nvcc's own entry.
std::optional<python::Version> version_in_toolkit_json(std::string_view json);
// cuda.h: #define CUDA_VERSION 12040
std::optional<python::Version> version_in_cuda_header(std::string_view header);
// version.txt of older toolkits: "CUDA Version 10.2.89".
std::optional<python::Version> version_in_toolkit_text(std::string_view text);

}  // namespace wheelfit::probe
