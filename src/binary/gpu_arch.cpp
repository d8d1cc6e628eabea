// SPDX-License-Identifier: Apache-2.0
#include "binary/gpu_arch.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

namespace wheelfit::binary {
namespace {

struct IsaRelease {
  unsigned isa_major, isa_minor;
  CudaVersion cuda;
};

// PTX ISA document, "Release Notes".
constexpr std::array isa_releases{
    IsaRelease{6, 0, {9, 0}},  IsaRelease{6, 1, {9, 1}},  IsaRelease{6, 2, {9, 2}},
    IsaRelease{6, 3, {10, 0}}, IsaRelease{6, 4, {10, 1}}, IsaRelease{6, 5, {10, 2}},
    IsaRelease{7, 0, {11, 0}}, IsaRelease{7, 1, {11, 1}}, IsaRelease{7, 2, {11, 2}},
    IsaRelease{7, 3, {11, 3}}, IsaRelease{7, 4, {11, 4}}, IsaRelease{7, 5, {11, 5}},
    IsaRelease{7, 6, {11, 6}}, IsaRelease{7, 7, {11, 7}}, IsaRelease{7, 8, {11, 8}},
    IsaRelease{8, 0, {12, 0}}, IsaRelease{8, 1, {12, 1}}, IsaRelease{8, 2, {12, 2}},
    IsaRelease{8, 3, {12, 3}}, IsaRelease{8, 4, {12, 4}}, IsaRelease{8, 5, {12, 5}},
    IsaRelease{8, 6, {12, 7}}, IsaRelease{8, 7, {12, 8}}, IsaRelease{8, 8, {12, 9}},
    IsaRelease{9, 0, {13, 0}}, IsaRelease{9, 1, {13, 1}},
};

bool exact(const GpuArch& arch, const ComputeCapability& gpu) {
  return arch.number == gpu.major * 10 + gpu.minor;
}
bool same_family(const GpuArch& arch, const ComputeCapability& gpu) {
  return arch.number / 10 == gpu.major && arch.number % 10 <= gpu.minor;
}

}  // namespace

std::string to_string(const GpuArch& arch) {
  constexpr std::array suffixes{"", "a", "f", "?"};
  return fmt::format("{}{}", arch.number, suffixes[static_cast<std::size_t>(arch.suffix)]);
}

std::optional<bool> sass_runs_on(const GpuArch& arch, const ComputeCapability& gpu) noexcept {
  switch (arch.suffix) {
    case ArchSuffix::a:
      return exact(arch, gpu);
    case ArchSuffix::none:
    case ArchSuffix::f:
      return same_family(arch, gpu);
    case ArchSuffix::unknown:
      break;
  }
  // Exactly this one runs with any suffix; outside the family it does with none.
  if (exact(arch, gpu)) return true;
  return same_family(arch, gpu) ? std::nullopt : std::optional(false);
}

std::optional<bool> ptx_compiles_for(const GpuArch& arch, const ComputeCapability& gpu) noexcept {
  const bool later = arch.number <= gpu.major * 10 + gpu.minor;
  switch (arch.suffix) {
    case ArchSuffix::none:
      return later;
    case ArchSuffix::a:
      return exact(arch, gpu);
    case ArchSuffix::f:
      return same_family(arch, gpu);
    case ArchSuffix::unknown:
      break;
  }
  if (exact(arch, gpu)) return true;
  return later ? std::nullopt : std::optional(false);
}

std::optional<CudaVersion> cuda_of_ptx_isa(unsigned major, unsigned minor) noexcept {
  if (major < isa_releases.front().isa_major) return isa_releases.front().cuda;
  const auto found = std::ranges::find_if(isa_releases, [&](const IsaRelease& release) {
    return release.isa_major == major && release.isa_minor == minor;
  });
  return found == isa_releases.end() ? std::nullopt : std::optional(found->cuda);
}

}  // namespace wheelfit::binary
