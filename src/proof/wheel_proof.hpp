// SPDX-License-Identifier: Apache-2.0
// What is proven of a whole wheel against an environment. A plain value; resolve and render take it as it is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/reason.hpp"
#include "proof/gpu_proof.hpp"
#include "proof/loadability.hpp"

namespace wheelfit::proof {

struct ModuleProof {
  std::string member;  // its name in the wheel
  Loadability loadability;
};

// How much of the wheel was read: the less, the less `fits` says.
enum class Extent {
  nothing,      // only a description of the environment, or nothing could be read
  first_bytes,  // symbols and versions of every module; not where they look for libraries, not the GPU code
  whole,
};

struct WheelProof {
  Verdict verdict = Verdict::unproven;
  std::vector<Reason> reasons;  // of a refusal the causes, of a doubt the doubts; none for `fits`
  Extent extent = Extent::nothing;
  std::vector<ModuleProof> modules;             // the extension modules that this Python would import
  std::vector<GpuProof> gpus;                   // one for each GPU asked about; empty unless `whole`
  DeviceCode device_code;                       // empty unless `whole`
  bool stable_python_abi = false;               // every module is abi3
  bool stable_torch_abi = false;                // no module uses torch's C++ interface, only its stable C one
  std::optional<std::uint64_t> unpacked_bytes;  // on a disk; unknown where its directory was not read
  bool uses_torch = false;                      // a module asks torch's libraries for symbols
};

}  // namespace wheelfit::proof
