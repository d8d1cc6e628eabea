// SPDX-License-Identifier: Apache-2.0
// Which of an object's CUDA modules run on a given GPU with a given driver. Judged per container (translation
// unit), never by the union of targets: a container without code for a GPU is a missing kernel there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "binary/fatbin.hpp"
#include "binary/gpu_arch.hpp"

namespace wheelfit::binary {

enum class ModuleFate {
  sass,         // machine code for this GPU
  ptx,          // the driver compiles PTX when the module is loaded
  ptx_too_new,  // only PTX would do, and the driver does not know its ISA version
  unreadable,   // there is code, but zstd-compressed, which drivers before CUDA 12.4 cannot read
  unknown,      // it cannot be told: a contradictory suffix, or a PTX version newer than this program
  none,         // nothing in it can run there
};

enum class CoverageVerdict {
  no_modules,  // no CUDA code that a driver would load
  all,
  some,     // k of N modules: kernels of the others are missing
  none,     // proven unusable on this GPU
  unknown,  // not all, and what lacks cannot be told apart from what runs
};

struct GpuCoverage {
  CoverageVerdict verdict = CoverageVerdict::no_modules;
  std::vector<ModuleFate> fates;  // by container; link stubs and relocatable containers are `none`, uncounted
  std::vector<std::size_t> missing;  // indices of the counted containers that do not surely run
  std::size_t modules = 0;           // counted
  std::size_t by_sass = 0;
  std::size_t by_ptx = 0;

  std::size_t runnable() const noexcept { return by_sass + by_ptx; }
};

// `driver`: the newest CUDA version the driver supports (cuDriverGetVersion); nullopt takes a driver that
// reads all.
GpuCoverage gpu_coverage(const std::vector<FatbinContainer>& containers, const ComputeCapability& gpu,
                         const std::optional<CudaVersion>& driver = std::nullopt);

}  // namespace wheelfit::binary
