// SPDX-License-Identifier: Apache-2.0
// The GPU code inside shared objects, and what of it runs on a GPU. Plain values.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/reason.hpp"
#include "binary/gpu_arch.hpp"
#include "binary/gpu_coverage.hpp"
#include "proof/loadability.hpp"

namespace wheelfit::proof {

// What objects offer, whatever the GPU. Names sorted, each once: "sm_90a", "compute_90", "gfx942".
struct DeviceCode {
  std::size_t modules = 0;  // containers that the driver would load
  std::vector<std::string> sass;
  std::vector<std::string> ptx;
  std::vector<std::string> gfx;     // of ROCm's bundles
  bool zstd = false;                // compressed so that drivers before CUDA 12.4 cannot read it
  std::vector<std::string> damage;  // what could not be read, one sentence each
};

struct GpuProof {
  binary::ComputeCapability gpu;
  Verdict verdict = Verdict::unproven;
  std::vector<Reason> reasons;
  std::size_t modules = 0;  // counted
  std::size_t by_sass = 0;
  std::size_t by_ptx = 0;
  std::vector<std::string>
      missing_kernels;  // demangled, of modules without code for this GPU (the first few)
};

}  // namespace wheelfit::proof
