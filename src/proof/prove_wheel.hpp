// SPDX-License-Identifier: Apache-2.0
// The proof of a wheel whose compiled code lies on disk, unpacked but not yet in its place.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
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

// For an environment that is known from a description alone: what the objects need, which GPU code they have,
// and the two things that need no library to compare with: the newest glibc version that is asked for, beside
// the described one, and the GPUs. `unproven` at best, and the reason says so.
struct Described {
  std::optional<std::pair<int, int>> glibc;
};
WheelProof prove_without_files(const Described& described, const StagedCode& code, const GpuQuestion& gpus,
                               const binary::Decompressor& decompress);

}  // namespace wheelfit::proof
