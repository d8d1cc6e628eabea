// SPDX-License-Identifier: Apache-2.0
#include "proof/preflight.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "proof/case.hpp"
#include "proof/judge.hpp"
#include "proof/module_beginning.hpp"
#include "proof/torch_interface.hpp"

namespace wheelfit::proof {
namespace {

Loadability judge_tables(const ImportScope& scope, const binary::ElfPrefix& tables, const std::string& name) {
  if (tables.identity.type != binary::ElfType::shared)
    return no_object(name, "a program or an object file, not a shared object");
  Loadability result = judge_prefix(scope, tables, name);
  if (tables.state == binary::PrefixState::complete || result.verdict == Verdict::refused) return result;
  result.reasons.insert(
      result.reasons.begin(),
      {ReasonCode::missing_symbol,
       text("the symbols of {} do not lie at its front: only the whole wheel shows what it needs", name),
       {}});
  return result;
}

bool brings(const WheelCode& code, const std::string& library) {
  return std::ranges::any_of(code.libraries,
                             [&](const CodeMember& member) { return member.place.filename() == library; });
}

// A library that comes along is no missing one; what it has to offer is not known yet.
void take_along(Loadability& result, const WheelCode& code, const std::string& name) {
  std::size_t brought = 0;
  for (const NeededLibrary& library : result.needs.libraries) {
    if (library.found_by != FoundBy::nothing || !brings(code, library.name)) continue;
    ++brought;
    std::erase_if(result.reasons, [&](const Reason& reason) {
      const auto& said = reason.text.arguments();
      return reason.code == ReasonCode::missing_library &&
             std::ranges::find(said, library.name) != said.end();
    });
  }
  if (brought == 0 || result.verdict != Verdict::unproven) return;
  result.reasons.push_back(
      {ReasonCode::missing_library,
       text("{} uses libraries that its wheel brings along: only the whole wheel shows what they offer",
            name),
       {}});
}

// Several modules ask for the same, and each would say so.
void add_once(std::vector<Reason>& reasons, const std::vector<Reason>& more) {
  for (const Reason& reason : more)
    if (std::ranges::find(reasons, reason) == reasons.end()) reasons.push_back(reason);
}

// judge_prefix() doubts these and never refuses for them: beside a refusal they do not matter.
bool is_doubt(const Reason& reason) {
  return reason.code == ReasonCode::missing_library || reason.code == ReasonCode::missing_symbol;
}

Verdict worst_of(const std::vector<ModuleProof>& modules) {
  const auto has = [&](Verdict verdict) {
    return std::ranges::any_of(
        modules, [&](const ModuleProof& module) { return module.loadability.verdict == verdict; });
  };
  return has(Verdict::refused)    ? Verdict::refused
         : has(Verdict::unproven) ? Verdict::unproven
                                  : Verdict::fits;
}

class Preflight {
 public:
  Preflight(const WheelCode& code, const ImportScope& scope) : code_(code), scope_(scope) {}

  void judge(system::ZipReader& wheel, const CodeMember& member) {
    const std::string name = member.place.filename().string();
    const auto beginning = read_module_beginning(wheel, member.index);
    if (!beginning) {
      proof_.modules.push_back({member.name, no_object(name, beginning.error().message)});
      return;
    }
    const binary::ElfPrefix& tables = beginning->tables;
    Loadability result = judge_tables(scope_, tables, name);
    take_along(result, code_, name);
    proof_.modules.push_back({member.name, std::move(result)});
    if (tables.state == binary::PrefixState::complete)
      note_torch(tables);
    else
      all_read_ = false;
  }

  WheelProof concluded() {
    proof_.verdict = worst_of(proof_.modules);
    for (const ModuleProof& module : proof_.modules)
      if (module.loadability.verdict == proof_.verdict) add_once(proof_.reasons, module.loadability.reasons);
    if (proof_.verdict == Verdict::refused) std::erase_if(proof_.reasons, is_doubt);
    proof_.stable_torch_abi = all_read_ && proof_.uses_torch && !uses_cxx_;
    return std::move(proof_);
  }

 private:
  void note_torch(const binary::ElfPrefix& tables) {
    const TorchInterface used = torch_interface(tables.undefined);
    proof_.extent = Extent::first_bytes;
    proof_.uses_torch = proof_.uses_torch || used != TorchInterface::none;
    uses_cxx_ = uses_cxx_ || used == TorchInterface::cxx;
  }

  const WheelCode& code_;
  const ImportScope& scope_;
  WheelProof proof_;
  bool all_read_ = true;
  bool uses_cxx_ = false;
};

WheelProof made_for_another_python() {
  WheelProof proof;
  proof.verdict = Verdict::refused;
  proof.reasons.push_back(
      {ReasonCode::python_tag, text("the wheel's extension modules are all made for another Python"), {}});
  return proof;
}

}  // namespace

WheelProof preflight(system::ZipReader& wheel, const WheelCode& code, const ImportScope& scope) {
  if (code.modules.empty() && code.other_python > 0) return made_for_another_python();
  const std::vector<CodeMember>& judged = code.modules.empty() ? code.libraries : code.modules;
  if (judged.empty()) return {};
  Preflight flight(code, scope);
  for (const CodeMember& member : judged) flight.judge(wheel, member);
  WheelProof proof = flight.concluded();
  proof.stable_python_abi =
      !code.modules.empty() && std::ranges::all_of(code.modules, &CodeMember::stable_abi);
  return proof;
}

}  // namespace wheelfit::proof
