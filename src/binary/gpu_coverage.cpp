// SPDX-License-Identifier: Apache-2.0
#include "binary/gpu_coverage.hpp"

#include <algorithm>

namespace wheelfit::binary {
namespace {

constexpr CudaVersion first_to_read_zstd{12, 4};  // driver 550.54.14; rapids-cmake's documentation

ModuleFate fate_of_sass(const FatbinImage& image, const ComputeCapability& gpu) {
  const auto runs = sass_runs_on(image.arch, gpu);
  if (!runs) return ModuleFate::unknown;
  return *runs ? ModuleFate::sass : ModuleFate::none;
}

ModuleFate fate_of_ptx(const FatbinImage& image, const ComputeCapability& gpu,
                       const std::optional<CudaVersion>& driver) {
  const auto compiles = ptx_compiles_for(image.arch, gpu);
  if (compiles == false) return ModuleFate::none;
  if (!compiles) return ModuleFate::unknown;
  if (!driver) return ModuleFate::ptx;
  const auto needs = cuda_of_ptx_isa(image.version_major, image.version_minor);
  if (!needs) return ModuleFate::unknown;
  return *needs <= *driver ? ModuleFate::ptx : ModuleFate::ptx_too_new;
}

ModuleFate fate_of(const FatbinImage& image, const ComputeCapability& gpu,
                   const std::optional<CudaVersion>& driver) {
  ModuleFate fate = ModuleFate::none;
  if (image.kind == ImageKind::cubin) fate = fate_of_sass(image, gpu);
  if (image.kind == ImageKind::ptx) fate = fate_of_ptx(image, gpu, driver);
  const bool readable = image.compression != Compression::zstd || !driver || *driver >= first_to_read_zstd;
  if (!readable && fate != ModuleFate::none) fate = ModuleFate::unreadable;
  return fate;
}

// ModuleFate is ordered from best to worst: the driver takes the best image.
ModuleFate fate_of(const FatbinContainer& container, const ComputeCapability& gpu,
                   const std::optional<CudaVersion>& driver) {
  ModuleFate best = ModuleFate::none;
  for (const FatbinImage& image : container.images) best = std::min(best, fate_of(image, gpu, driver));
  return best;
}

bool counts(const FatbinContainer& container) {
  return !container.relocatable && !container.images.empty() && !container.is_link_stub();
}

CoverageVerdict verdict_of(const GpuCoverage& coverage, bool undecided) {
  if (coverage.modules == 0) return CoverageVerdict::no_modules;
  if (coverage.runnable() == coverage.modules) return CoverageVerdict::all;
  if (undecided) return CoverageVerdict::unknown;
  return coverage.runnable() == 0 ? CoverageVerdict::none : CoverageVerdict::some;
}

}  // namespace

GpuCoverage gpu_coverage(const std::vector<FatbinContainer>& containers, const ComputeCapability& gpu,
                         const std::optional<CudaVersion>& driver) {
  GpuCoverage coverage;
  bool undecided = false;
  coverage.fates.reserve(containers.size());
  for (std::size_t index = 0; index < containers.size(); ++index) {
    const bool counted = counts(containers[index]);
    const ModuleFate fate = counted ? fate_of(containers[index], gpu, driver) : ModuleFate::none;
    coverage.fates.push_back(fate);
    if (!counted) continue;
    ++coverage.modules;
    if (fate == ModuleFate::sass) ++coverage.by_sass;
    if (fate == ModuleFate::ptx) ++coverage.by_ptx;
    if (fate == ModuleFate::unknown) undecided = true;
    if (fate != ModuleFate::sass && fate != ModuleFate::ptx) coverage.missing.push_back(index);
  }
  coverage.verdict = verdict_of(coverage, undecided);
  return coverage;
}

}  // namespace wheelfit::binary
