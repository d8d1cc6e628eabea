// SPDX-License-Identifier: Apache-2.0
#include "resolve/evidence.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <tuple>

#include <fmt/ranges.h>

namespace wheelfit::resolve {
namespace {

// What a name says in place of symbols: where these are read, it counts no more.
constexpr std::array superseded{ReasonCode::torch_minor,  ReasonCode::cxx11_abi,  ReasonCode::glibc,
                                ReasonCode::libstdcxx,    ReasonCode::cuda_minor, ReasonCode::cuda_major,
                                ReasonCode::nightly_built};

bool is_superseded(ReasonCode code) { return std::ranges::find(superseded, code) != superseded.end(); }

// pip would replace torch for such a wheel, whatever its symbols: no proof lifts that.
bool is_pinned(const catalog::Candidate& candidate) { return candidate.knowledge->torch_pin.has_value(); }

bool only_its_name_speaks_against(const Judgement& judgement) {
  if (is_pinned(*judgement.candidate)) return false;
  return std::ranges::all_of(judgement.reasons,
                             [](const Reason& reason) { return is_superseded(reason.code); });
}

// "torch 2.6, C++11 ABI FALSE"; "" where the name promises nothing.
std::string promise_of(const catalog::WheelFields& fields) {
  std::vector<std::string> promises;
  if (fields.torch) promises.push_back("torch " + fields.torch->to_string());
  if (fields.cuda) promises.push_back("CUDA " + fields.cuda->to_string());
  if (fields.cxx11_abi) promises.emplace_back(*fields.cxx11_abi ? "C++11 ABI TRUE" : "C++11 ABI FALSE");
  return fmt::to_string(fmt::join(promises, ", "));
}

// Such a reason begins with the module's name; the others are said of the wheel.
bool is_of_a_module(ReasonCode code) {
  constexpr std::array of_the_wheel{ReasonCode::hollow, ReasonCode::python_tag, ReasonCode::gpu_arch,
                                    ReasonCode::driver};
  return std::ranges::find(of_the_wheel, code) == of_the_wheel.end();
}

void refuse(Judgement& judgement, const proof::WheelProof& proof) {
  const std::string promise = promise_of(judgement.candidate->fields);
  const bool name_fits = judgement.verdict != Verdict::refused;
  if (name_fits) judgement.reasons.clear();
  std::vector<Reason> reasons = proof.reasons;
  for (Reason& reason : reasons)
    if (is_of_a_module(reason.code)) reason.text = text("cannot be loaded: {}", reason.text.english());
  if (name_fits && !promise.empty() && !reasons.empty()) {
    reasons.front().text = text("is named for {}, but its binary does not keep that: {}", promise,
                                proof.reasons.front().text.english());
  }
  judgement.reasons.insert(judgement.reasons.begin(), reasons.begin(), reasons.end());
  judgement.verdict = Verdict::refused;
}

void admit(Judgement& judgement) {
  const bool was_refused = judgement.verdict == Verdict::refused;
  if (was_refused && !only_its_name_speaks_against(judgement)) return;
  judgement.other_torch = std::ranges::any_of(judgement.reasons, [&](const Reason& reason) {
    return was_refused && reason.code == ReasonCode::torch_minor;
  });
  if (!is_pinned(*judgement.candidate))
    std::erase_if(judgement.reasons, [](const Reason& reason) { return is_superseded(reason.code); });
  if (judgement.verdict != Verdict::fits)
    judgement.verdict = judgement.reasons.empty() ? Verdict::fits : Verdict::unproven;
  judgement.proof = Proof::symbols;
}

// How far away the torch is that a wheel is named for; an older one is likelier to work than a newer one.
std::tuple<int, int> torch_distance(const Judgement& judgement, const probe::Environment& environment) {
  const auto& named = judgement.candidate->fields.torch;
  const auto& here = environment.torch.version;
  if (!named || !here) return {0, 0};
  const int majors = static_cast<int>(named->major()) - static_cast<int>(here->major());
  const int minors = static_cast<int>(named->minor()) - static_cast<int>(here->minor());
  return {1000 * std::abs(majors) + std::abs(minors), minors > 0 ? 1 : 0};
}

bool is_examined(const Judgement& judgement, const Evidence& evidence) {
  return evidence.contains(evidence_key(*judgement.candidate));
}

}  // namespace

std::string evidence_key(const catalog::Candidate& candidate) {
  return candidate.url.empty() ? candidate.name : candidate.url;
}

void weigh(Judgement& judgement, const proof::WheelProof& proof) {
  if (proof.extent == proof::Extent::nothing) return;
  judgement.stable_abi = proof.stable_python_abi || proof.stable_torch_abi;
  switch (proof.verdict) {
    case proof::Verdict::fits:
      admit(judgement);
      break;
    case proof::Verdict::unproven:
      // A doubt is too little to overrule a name that speaks against it, and what the first bytes leave open
      // speaks against no name.
      if (judgement.verdict == Verdict::refused || proof.extent != proof::Extent::whole) return;
      judgement.verdict = Verdict::unproven;
      judgement.reasons.insert(judgement.reasons.end(), proof.reasons.begin(), proof.reasons.end());
      break;
    case proof::Verdict::refused:
      refuse(judgement, proof);
      break;
  }
}

std::optional<std::size_t> next_to_examine(const std::vector<Judgement>& ranked, const Evidence& evidence,
                                           const probe::Environment& environment) {
  if (ranked.empty()) return std::nullopt;
  if (ranked.front().verdict != Verdict::refused) {
    if (is_examined(ranked.front(), evidence)) return std::nullopt;
    return 0;
  }
  std::optional<std::size_t> nearest;
  for (std::size_t index = 0; index < ranked.size(); ++index) {
    const Judgement& judgement = ranked[index];
    if (!only_its_name_speaks_against(judgement) || is_examined(judgement, evidence)) continue;
    if (!nearest || torch_distance(judgement, environment) < torch_distance(ranked[*nearest], environment)) {
      nearest = index;
    }
  }
  return nearest;
}

}  // namespace wheelfit::resolve
