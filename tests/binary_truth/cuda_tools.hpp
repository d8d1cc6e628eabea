// SPDX-License-Identifier: Apache-2.0
// NVIDIA's own tools as judges: nvcc, whose targets are known because they were asked for, and cuobjdump.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "binary/fatbin.hpp"

namespace wheelfit::test {

// Commands; "" where there is none. nvcc: on PATH, in $CUDA_HOME/bin or /usr/local/cuda/bin. cuobjdump:
// $WHEELFIT_CUOBJDUMP or on PATH.
std::string nvcc_program();
std::string cuobjdump_program();
inline constexpr auto nvcc_wanted = "needs nvcc (CUDA toolkit) on PATH or in CUDA_HOME";
inline constexpr auto cuobjdump_wanted =
    "needs NVIDIA's cuobjdump (pip: nvidia-cuda-cuobjdump) on PATH or named by WHEELFIT_CUOBJDUMP";

// "sm_90a.cubin" -> how often. cuobjdump's names of machine code leave the family suffix out.
using Tally = std::map<std::string, int>;

// Of what the driver would load: relocatable containers, and kinds that cuobjdump does not list, left out.
Tally tally_of(const binary::FatbinListing& listing);
// nullopt where cuobjdump gives up: that of CUDA 13 does at code for GPUs which CUDA 13 dropped (sm_50 to
// sm_70).
std::optional<Tally> cuobjdump_says(const std::filesystem::path& file);

}  // namespace wheelfit::test
