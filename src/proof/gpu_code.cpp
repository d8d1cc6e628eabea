// SPDX-License-Identifier: Apache-2.0
#include "proof/gpu_code.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "binary/demangle.hpp"

namespace wheelfit::proof {
namespace {

using binary::ModuleFate;

constexpr std::size_t most_kernels_named = 3;
// nvcc's link stub has less than this; larger images are code, and opening hundreds of them would take
// seconds.
constexpr std::uint64_t stub_limit = 64U << 10U;

std::string name_of(const binary::ComputeCapability& gpu) {
  return fmt::format("sm_{}{}", gpu.major, gpu.minor);
}

std::vector<std::string> sorted(const std::set<std::string>& names) { return {names.begin(), names.end()}; }

bool counts(const binary::FatbinContainer& container) {
  return !container.relocatable && !container.images.empty() && !container.is_link_stub();
}

struct Shortage {
  std::size_t ptx_too_new = 0;
  std::size_t unreadable = 0;
};

Shortage shortage_of(const binary::GpuCoverage& coverage) {
  Shortage shortage;
  for (const std::size_t index : coverage.missing) {
    shortage.ptx_too_new += coverage.fates[index] == ModuleFate::ptx_too_new ? 1U : 0U;
    shortage.unreadable += coverage.fates[index] == ModuleFate::unreadable ? 1U : 0U;
  }
  return shortage;
}

Reason driver_reason(const Shortage& shortage, const binary::CudaVersion& driver) {
  if (shortage.unreadable > 0) {
    return {ReasonCode::driver,
            text("its kernels are compressed with zstd, which drivers before CUDA 12.4 cannot read; this one "
                 "speaks CUDA {}.{}",
                 driver.major, driver.minor),
            {}};
  }
  return {ReasonCode::driver,
          text("only PTX would run here, and it is newer than the driver, which speaks CUDA {}.{}",
               driver.major, driver.minor),
          {}};
}

}  // namespace

void GpuCode::add(const std::string& name, std::span<const std::byte> object) {
  const binary::Decompressor stubs_only =
      [this](binary::Compression kind, std::span<const std::byte> stored,
             std::uint64_t raw_size) -> std::optional<std::vector<std::byte>> {
    if (raw_size > stub_limit || !decompress_) return std::nullopt;
    return decompress_(kind, stored, raw_size);
  };
  binary::FatbinListing listing = binary::list_fatbins(object, binary::Depth::payloads, stubs_only);
  for (const std::string& what : listing.damage) damage_.push_back(name + ": " + what);
  std::move(listing.containers.begin(), listing.containers.end(), std::back_inserter(containers_));
  auto bundles = binary::list_offload_bundles(object, decompress_);
  std::move(bundles.begin(), bundles.end(), std::back_inserter(bundles_));
}

DeviceCode GpuCode::summary() const {
  std::set<std::string> sass;
  std::set<std::string> ptx;
  std::set<std::string> gfx;
  DeviceCode code;
  for (const binary::FatbinContainer& container : containers_) {
    if (!counts(container)) continue;
    ++code.modules;
    for (const binary::FatbinImage& image : container.images) {
      if (image.kind == binary::ImageKind::cubin) sass.insert("sm_" + to_string(image.arch));
      if (image.kind == binary::ImageKind::ptx) ptx.insert("compute_" + to_string(image.arch));
      code.zstd = code.zstd || image.compression == binary::Compression::zstd;
    }
  }
  for (const binary::OffloadBundle& bundle : bundles_)
    gfx.insert(bundle.targets.begin(), bundle.targets.end());
  code.sass = sorted(sass);
  code.ptx = sorted(ptx);
  code.gfx = sorted(gfx);
  code.damage = damage_;
  return code;
}

std::vector<std::string> GpuCode::kernels_of(const std::vector<std::size_t>& containers) const {
  std::vector<std::string> kernels;
  for (const std::size_t index : containers) {
    for (const binary::FatbinImage& image : containers_[index].images) {
      const auto names = binary::kernel_names(image, decompress_);
      if (names.empty()) continue;
      kernels.push_back(binary::demangled(names.front()));
      break;
    }
    if (kernels.size() == most_kernels_named) break;
  }
  return kernels;
}

GpuProof GpuCode::prove_one(const binary::ComputeCapability& gpu,
                            const std::optional<binary::CudaVersion>& driver) const {
  const binary::GpuCoverage coverage = binary::gpu_coverage(containers_, gpu, driver);
  GpuProof proof{gpu, Verdict::fits, {}, coverage.modules, coverage.by_sass, coverage.by_ptx, {}};
  switch (coverage.verdict) {
    case binary::CoverageVerdict::no_modules:
    case binary::CoverageVerdict::all:
      return proof;
    case binary::CoverageVerdict::unknown:
      proof.verdict = Verdict::unproven;
      proof.reasons.push_back(
          {ReasonCode::gpu_arch, text("whether its kernels run on {} cannot be told", name_of(gpu)), {}});
      return proof;
    case binary::CoverageVerdict::none:
      proof.verdict = Verdict::refused;
      break;
    case binary::CoverageVerdict::some:
      proof.verdict = Verdict::unproven;
      break;
  }
  const Shortage shortage = shortage_of(coverage);
  if (driver && shortage.ptx_too_new + shortage.unreadable > 0)
    proof.reasons.push_back(driver_reason(shortage, *driver));
  const DeviceCode offered = summary();
  if (coverage.verdict == binary::CoverageVerdict::none) {
    if (proof.reasons.empty()) {
      proof.reasons.push_back({ReasonCode::gpu_arch,
                               text("has kernels for {} only, none for {}",
                                    fmt::to_string(fmt::join(offered.sass, ", ")), name_of(gpu)),
                               {}});
    }
    return proof;
  }
  proof.missing_kernels = kernels_of(coverage.missing);
  proof.reasons.push_back(
      {ReasonCode::gpu_arch,
       text("{} of its {} modules have code for {}; without are: {}", coverage.runnable(), coverage.modules,
            name_of(gpu), fmt::to_string(fmt::join(proof.missing_kernels, ", "))),
       {}});
  return proof;
}

std::vector<GpuProof> GpuCode::prove(const GpuQuestion& question) const {
  std::vector<GpuProof> proofs;
  for (const binary::ComputeCapability& gpu : question.gpus)
    proofs.push_back(prove_one(gpu, question.driver));
  return proofs;
}

}  // namespace wheelfit::proof
