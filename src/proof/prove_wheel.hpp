// SPDX-License-Identifier: Apache-2.0
// The proof of a wheel whose compiled code lies on disk, unpacked but not yet in its place.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "binary/fatbin.hpp"
#include "proof/gpu_code.hpp"
#include "proof/scope.hpp"
#include "proof/wheel_proof.hpp"

namespace wheelfit::proof {

struct StagedObject {
  std::string member;           // its name in the wheel
  std::filesystem::path place;  // where it will be, absolute
  std::filesystem::path file;   // where it lies now; may be `place` itself
  bool stable_abi = false;
};

struct StagedCode {
  std::vector<StagedObject> modules;    // judged
  std::vector<StagedObject> libraries;  // there for the modules; judged themselves where there is no module
};

// What dlopen(RTLD_NOW) of every module would do in `python`, after `import torch` where it has torch, and
// what of the GPU code runs on the GPUs asked about. Nothing is executed. Damaged objects are refused, not
// thrown.
WheelProof prove_wheel(const PythonProcess& python, const StagedCode& code, const GpuQuestion& gpus,
                       const binary::Decompressor& decompress);

}  // namespace wheelfit::proof
