// SPDX-License-Identifier: Apache-2.0
// Facts of an environment in a few words each, unknown said as unknown. Pure.
#pragma once

#include <string>
#include <vector>

#include "probe/environment.hpp"
#include "render/style.hpp"

namespace wheelfit::render {

std::string python_words(const probe::Environment& environment,
                         const Style& style);                            // "Python 3.11.7 (venv)"
std::string torch_words(const probe::Torch& torch, const Style& style);  // "torch 2.6.0+cu124 (CUDA 12.4, …)"
std::string libc_words(const probe::LibC& libc, const Style& style);     // "glibc 2.36"
std::string gpu_words(const probe::Accelerators& accelerators,
                      const Style& style);  // "2 × NVIDIA H200 (sm_90)"
std::string driver_words(const probe::Accelerators& accelerators,
                         const Style& style);  // "driver 550.54.14 (…)"

// "NVIDIA H200 (sm_90)", "gfx942"
std::string gpu_name(const probe::Gpu& gpu, const Style& style);

// Joined as the language lists things; empty parts are left out.
std::string listed(const std::vector<std::string>& parts, const Style& style);   // "a, b, c"
std::string chained(const std::vector<std::string>& parts, const Style& style);  // "a; b; c"

}  // namespace wheelfit::render
