// SPDX-License-Identifier: Apache-2.0
// The part of the probe that loads the driver's libraries. It runs in a process of its own, because a wedged
// driver hangs cuInit() for ever and a broken one may crash: main() hands over when argv[1] is
// gpu_child_argument.
#pragma once

namespace wheelfit::probe {

inline constexpr const char* gpu_child_argument = "--probe-gpu-child";
// Directories to look for libcuda.so.1 and libnvidia-ml.so.1 in, ':' between; after the loader's own search
// path unless only_these_variable is set.
inline constexpr const char* gpu_directories_variable = "WHEELFIT_GPU_DIRECTORIES";
inline constexpr const char* only_these_variable = "WHEELFIT_GPU_ONLY_THESE_DIRECTORIES";

// Prints what it learns to standard output as JSON objects, one a line, each as soon as it is known, so that
// a hang later loses nothing; gpu_answer.hpp describes and reads them. Returns the exit status, 0.
int gpu_probe_child_main();

}  // namespace wheelfit::probe
