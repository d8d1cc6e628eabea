// SPDX-License-Identifier: Apache-2.0
#include "proof/prove_wheel.hpp"

#include <algorithm>
#include <utility>

#include "proof/judge.hpp"
#include "proof/torch_interface.hpp"

namespace wheelfit::proof {
namespace {

// "core.so: needs libx.so, which is not found": a wheel of one module needs no name in front.
Reason about(const std::string& member, Reason reason, bool alone) {
  if (!alone) reason.text = text("{}: {}", member, reason.text.english());
  return reason;
}

void take(WheelProof& proof, Verdict verdict, const std::vector<Reason>& reasons) {
  if (verdict == Verdict::refused && proof.verdict != Verdict::refused) {
    proof.verdict = Verdict::refused;
    proof.reasons.clear();  // doubts do not matter any more
  } else if (verdict == Verdict::unproven && proof.verdict == Verdict::fits) {
    proof.verdict = Verdict::unproven;
  }
  if (verdict != Verdict::fits && verdict == proof.verdict)
    proof.reasons.insert(proof.reasons.end(), reasons.begin(), reasons.end());
}

// One GPU of several that cannot be used makes the wheel doubtful, not useless.
void take_gpus(WheelProof& proof) {
  const auto refused = [](const GpuProof& gpu) { return gpu.verdict == Verdict::refused; };
  const bool none_left = !proof.gpus.empty() && std::ranges::all_of(proof.gpus, refused);
  for (const GpuProof& gpu : proof.gpus) {
    const bool softened = gpu.verdict == Verdict::refused && !none_left;
    take(proof, softened ? Verdict::unproven : gpu.verdict, gpu.reasons);
  }
}

class WheelOnTrial {
 public:
  WheelOnTrial(const PythonProcess& python, const StagedCode& code) : code_(code) {
    for (const auto* objects : {&code.modules, &code.libraries})
      for (const StagedObject& object : *objects)
        if (object.file != object.place) cache_.stage(object.place, object.file);
    scope_.emplace(import_scope(cache_, python));
  }

  void judge_objects(WheelProof& proof) {
    const std::vector<StagedObject>& judged = code_.modules.empty() ? code_.libraries : code_.modules;
    proof.stable_python_abi =
        !code_.modules.empty() && std::ranges::all_of(code_.modules, &StagedObject::stable_abi);
    proof.stable_torch_abi = true;
    for (const StagedObject& object : judged) {
      Loadability result = judge(*scope_, object.place);
      std::vector<Reason> reasons;
      for (const Reason& reason : result.reasons)
        reasons.push_back(about(object.member, reason, judged.size() == 1));
      take(proof, result.verdict, reasons);
      proof.modules.push_back({object.member, std::move(result)});
      note_torch(proof, object);
    }
    proof.stable_torch_abi = proof.stable_torch_abi && proof.uses_torch;
  }

  GpuCode gpu_code(const binary::Decompressor& decompress) {
    GpuCode gpu(decompress);
    for (const auto* objects : {&code_.modules, &code_.libraries}) {
      for (const StagedObject& object : *objects) {
        const OpenedLibrary& opened = cache_.open(object.place);
        if (opened.library != nullptr) gpu.add(object.member, opened.library->file.bytes());
      }
    }
    return gpu;
  }

 private:
  void note_torch(WheelProof& proof, const StagedObject& object) {
    const OpenedLibrary& opened = cache_.open(object.place);
    if (opened.library == nullptr) return;
    const TorchInterface used = torch_interface(opened.library->image.undefined_symbols());
    proof.uses_torch = proof.uses_torch || used != TorchInterface::none;
    if (used == TorchInterface::cxx) proof.stable_torch_abi = false;
  }

  const StagedCode& code_;
  LibraryCache cache_;
  std::optional<ImportScope> scope_;
};

}  // namespace

WheelProof prove_wheel(const PythonProcess& python, const StagedCode& code, const GpuQuestion& gpus,
                       const binary::Decompressor& decompress) {
  WheelProof proof;
  proof.verdict = Verdict::fits;
  proof.extent = Extent::whole;
  WheelOnTrial trial(python, code);
  trial.judge_objects(proof);
  const GpuCode gpu = trial.gpu_code(decompress);
  proof.device_code = gpu.summary();
  proof.gpus = gpu.prove(gpus);
  take_gpus(proof);
  return proof;
}

}  // namespace wheelfit::proof
