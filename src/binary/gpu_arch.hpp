// SPDX-License-Identifier: Apache-2.0
// The target of a piece of CUDA code ("sm_90a") and the rules by which it runs on a GPU.
// Specification: CUDA C++ Programming Guide, "Binary Compatibility", "PTX Compatibility",
// "Architecture-specific features", "Family-specific features".
#pragma once

#include <optional>
#include <string>

namespace wheelfit::binary {

enum class ArchSuffix {
  none,
  a,        // architecture-specific: that compute capability only
  f,        // family-specific: the same major, that minor or a later one
  unknown,  // the witnesses contradict each other
};

struct GpuArch {
  unsigned number = 0;  // 90 for compute capability 9.0, 120 for 12.0
  ArchSuffix suffix = ArchSuffix::none;

  friend bool operator==(const GpuArch&, const GpuArch&) = default;
  friend auto operator<=>(const GpuArch&, const GpuArch&) = default;
};

struct ComputeCapability {
  unsigned major = 0;
  unsigned minor = 0;

  friend bool operator==(const ComputeCapability&, const ComputeCapability&) = default;
};

struct CudaVersion {
  unsigned major = 0;
  unsigned minor = 0;

  friend bool operator==(const CudaVersion&, const CudaVersion&) = default;
  friend auto operator<=>(const CudaVersion&, const CudaVersion&) = default;
};

// "90a", "100f", "80"; "90?" where the suffix is unknown. Prefix with "sm_" or "compute_".
std::string to_string(const GpuArch& arch);

// Whether machine code (SASS) / PTX made for `arch` may run there; nullopt where the suffix is not known and
// it would matter.
std::optional<bool> sass_runs_on(const GpuArch& arch, const ComputeCapability& gpu) noexcept;
std::optional<bool> ptx_compiles_for(const GpuArch& arch, const ComputeCapability& gpu) noexcept;

// The first CUDA release whose driver reads this PTX ISA version (Release Notes of the PTX ISA document);
// nullopt for a version that is newer than this program.
std::optional<CudaVersion> cuda_of_ptx_isa(unsigned major, unsigned minor) noexcept;

}  // namespace wheelfit::binary
