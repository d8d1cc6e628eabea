// SPDX-License-Identifier: Apache-2.0
#include "proof/prove_wheel.hpp"

#include <algorithm>
#include <charconv>
#include <span>
#include <utility>

#include "proof/case.hpp"
#include "proof/judge.hpp"
#include "proof/torch_interface.hpp"

namespace wheelfit::proof {
namespace {

// "core.so: needs libx.so, which is not found", unless it names the module itself or there is only one.
Reason about(const std::string& member, Reason reason, bool alone) {
  const std::string sentence = reason.text.english();
  if (!alone && !sentence.starts_with(member.substr(member.rfind('/') + 1)))
    reason.text = text("{}: {}", member, sentence);
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

std::span<const StagedObject> judged(const StagedCode& code) {
  return code.modules.empty() ? code.libraries : code.modules;
}

void judge_object(WheelProof& proof, const StagedObject& object, Loadability result, bool alone) {
  std::vector<Reason> reasons;
  for (const Reason& reason : result.reasons) reasons.push_back(about(object.member, reason, alone));
  take(proof, result.verdict, reasons);
  proof.modules.push_back({object.member, std::move(result)});
}

// Which interfaces the judged objects use; `open` gives the object, or null where it cannot be read.
template <typename Open>
void note_interfaces(WheelProof& proof, const StagedCode& code, Open open) {
  bool cxx = false;
  for (const StagedObject& object : judged(code)) {
    const Library* library = open(object);
    if (library == nullptr) continue;
    const TorchInterface used = torch_interface(library->image.undefined_symbols());
    proof.uses_torch = proof.uses_torch || used != TorchInterface::none;
    cxx = cxx || used == TorchInterface::cxx;
  }
  proof.stable_torch_abi = proof.uses_torch && !cxx;
  proof.stable_python_abi =
      !code.modules.empty() && std::ranges::all_of(code.modules, &StagedObject::stable_abi);
}

template <typename Open>
void prove_gpus(WheelProof& proof, const StagedCode& code, const GpuQuestion& gpus,
                const binary::Decompressor& decompress, Open open) {
  GpuCode gpu(decompress);
  for (const auto* objects : {&code.modules, &code.libraries}) {
    for (const StagedObject& object : *objects) {
      const Library* library = open(object);
      if (library != nullptr) gpu.add(object.member, library->file.bytes());
    }
  }
  proof.device_code = gpu.summary();
  proof.gpus = gpu.prove(gpus);
  take_gpus(proof);
}

std::optional<std::pair<int, int>> parsed_version(const std::string& text) {
  std::pair<int, int> version;
  const std::size_t dot = text.find('.');
  if (dot == std::string::npos) return std::nullopt;
  const char* end = text.data() + text.size();
  if (std::from_chars(text.data(), text.data() + dot, version.first).ec != std::errc()) return std::nullopt;
  if (std::from_chars(text.data() + dot + 1, end, version.second).ec != std::errc()) return std::nullopt;
  return version;
}

Loadability described_object(const Library& library, const Described& described) {
  Loadability result = judge_without_files();
  describe_versions(result.needs, library.image.version_needs());
  result.needs.symbols = library.image.undefined_symbols().size();
  result.needs.objects = 1;
  for (const std::string_view name : library.image.needed())
    result.needs.libraries.push_back({std::string(name), library.real_path.filename().string(), {}, {}});
  const auto glibc = result.needs.newest_versions.find("GLIBC");
  if (glibc == result.needs.newest_versions.end() || !described.glibc) return result;
  const auto needed = parsed_version(glibc->second);
  if (!needed || *needed <= *described.glibc) return result;
  result.verdict = Verdict::refused;
  result.reasons = {{ReasonCode::glibc,
                     text("needs glibc {}, described is {}.{}", glibc->second, described.glibc->first,
                          described.glibc->second),
                     {}}};
  return result;
}

}  // namespace

WheelProof prove_wheel(const PythonProcess& python, const StagedCode& code, const GpuQuestion& gpus,
                       const binary::Decompressor& decompress) {
  LibraryCache cache;
  for (const auto* objects : {&code.modules, &code.libraries})
    for (const StagedObject& object : *objects)
      if (object.file != object.place) cache.stage(object.place, object.file);
  const ImportScope scope = import_scope(cache, python);
  const auto open = [&cache](const StagedObject& object) { return cache.open(object.place).library; };

  WheelProof proof;
  proof.verdict = Verdict::fits;
  proof.extent = Extent::whole;
  for (const StagedObject& object : judged(code))
    judge_object(proof, object, judge(scope, object.place), judged(code).size() == 1);
  note_interfaces(proof, code, open);
  prove_gpus(proof, code, gpus, decompress, open);
  return proof;
}

WheelProof prove_without_files(const Described& described, const StagedCode& code, const GpuQuestion& gpus,
                               const binary::Decompressor& decompress) {
  LibraryCache cache;
  const auto open = [&cache](const StagedObject& object) { return cache.open(object.file).library; };
  WheelProof proof;
  proof.verdict = Verdict::fits;
  proof.extent = Extent::whole;
  for (const StagedObject& object : judged(code)) {
    const OpenedLibrary& opened = cache.open(object.file);
    Loadability result = opened.library != nullptr ? described_object(*opened.library, described)
                                                   : no_object(object.member, opened.problem);
    judge_object(proof, object, std::move(result), judged(code).size() == 1);
  }
  note_interfaces(proof, code, open);
  prove_gpus(proof, code, gpus, decompress, open);
  return proof;
}

}  // namespace wheelfit::proof
