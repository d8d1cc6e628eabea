// SPDX-License-Identifier: Apache-2.0
// What the GPU child said: its lines, merged. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probe/environment.hpp"

namespace wheelfit::probe {

struct GpuAnswer {
  std::optional<std::string> libcuda;  // nullopt: no libcuda.so.1 could be loaded
  std::optional<python::Version> driver_cuda;
  std::optional<int> init_result;           // CUresult; nullopt: not reached
  std::optional<std::vector<Gpu>> devices;  // as CUDA programs see them
  std::optional<python::Version> nvml_driver;
  std::optional<python::Version> nvml_cuda;
  std::vector<Gpu> nvml_devices;  // all, whatever CUDA_VISIBLE_DEVICES says
};

// Lines that are no JSON object (a chatty driver) and values beyond belief are passed over.
GpuAnswer parse_gpu_answer(std::string_view output);

// What a CUresult other than 0 means, in one sentence.
std::string explain_cuda_result(int result, std::string_view libcuda);

inline constexpr int cuda_stub_library = 34;
inline constexpr int cuda_no_device = 100;

}  // namespace wheelfit::probe
