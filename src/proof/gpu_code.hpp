// SPDX-License-Identifier: Apache-2.0
// Reads the GPU code of shared objects and judges it against GPUs (gpu_proof.hpp has the answers).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "binary/fatbin.hpp"
#include "binary/offload_bundle.hpp"
#include "proof/gpu_proof.hpp"

namespace wheelfit::proof {

struct GpuQuestion {
  std::vector<binary::ComputeCapability> gpus;
  std::optional<binary::CudaVersion> driver;  // the newest CUDA that the driver speaks; unknown: it reads all
};

class GpuCode {
 public:
  explicit GpuCode(binary::Decompressor decompress) : decompress_(std::move(decompress)) {}

  // `object` outlives this. `name` is for sentences.
  void add(const std::string& name, std::span<const std::byte> object);

  DeviceCode summary() const;
  // A GPU with code for no module is refused, one with code for some is doubted. No GPU code at all fits.
  std::vector<GpuProof> prove(const GpuQuestion& question) const;

 private:
  GpuProof prove_one(const binary::ComputeCapability& gpu,
                     const std::optional<binary::CudaVersion>& driver) const;
  std::vector<std::string> kernels_of(const std::vector<std::size_t>& containers) const;

  binary::Decompressor decompress_;
  std::vector<binary::FatbinContainer> containers_;
  std::vector<binary::OffloadBundle> bundles_;
  std::vector<std::string> damage_;
};

}  // namespace wheelfit::proof
