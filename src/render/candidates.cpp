// SPDX-License-Identifier: Apache-2.0
#include "render/candidates.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace wheelfit::render {
namespace {

using resolve::Judgement;
using resolve::Verdict;

// The version whose wheels are shown where none is wished; nullptr where nothing was judged.
const python::Version* shown_version(const resolve::Decision& decision) noexcept {
  if (wheel_chosen(decision) && !decision.chosen->judgement.candidate->name.empty()) {
    return &decision.chosen->judgement.candidate->fields.version;
  }
  return decision.judgements.empty() ? nullptr : &decision.judgements.front().candidate->fields.version;
}

bool in_wished_line(const Judgement& judgement, const python::SpecifierSet& wished,
                    const python::Version* line) {
  const catalog::WheelFields& fields = judgement.candidate->fields;
  if (wished.empty()) return line != nullptr && fields.version == *line;
  return wished.admits_by_default(fields.version) || wished.admits_by_default(fields.file.version);
}

std::set<ReasonCode> grounds(const Judgement& judgement) {
  std::set<ReasonCode> codes;
  for (const Reason& reason : judgement.reasons) codes.insert(reason.code);
  return codes;
}

bool named_by_a_hint(const Judgement& judgement, const resolve::Decision& decision) {
  return std::any_of(decision.hints.begin(), decision.hints.end(), [&](const Text& hint) {
    const auto& words = hint.arguments();
    return std::find(words.begin(), words.end(), judgement.candidate->name) != words.end();
  });
}

// Of two that are refused on the same grounds: is the later one the better example?
bool teaches_better(const Judgement& later, const Judgement& earlier, const resolve::Decision& decision) {
  const auto merit = [&](const Judgement& judgement) {
    return std::pair(named_by_a_hint(judgement, decision),
                     judgement.candidate->trust == catalog::Trust::official);
  };
  return merit(later) > merit(earlier);
}

bool was_not_wished(const Judgement& judgement) {
  return std::any_of(judgement.reasons.begin(), judgement.reasons.end(),
                     [](const Reason& reason) { return reason.code == ReasonCode::version; });
}

// Where something is chosen, only what would be newer, and was wished, is missed.
bool is_missed(const Judgement& judgement, const resolve::Decision& decision) {
  if (judgement.verdict != Verdict::refused) return false;
  return !wheel_chosen(decision) ||
         (judgement.candidate->fields.version > decision.chosen->judgement.candidate->fields.version &&
          !was_not_wished(judgement));
}

}  // namespace

bool wheel_chosen(const resolve::Decision& decision) noexcept {
  return decision.chosen && !decision.chosen->stand_in;
}

std::vector<const Judgement*> shown_candidates(const resolve::Decision& decision,
                                               const python::SpecifierSet& wished) {
  const python::Version* const line = shown_version(decision);
  std::set<ReasonCode> codes;
  std::vector<const Judgement*> shown;
  for (const Judgement& judgement : decision.judgements) {
    bool wanted = judgement.verdict != Verdict::refused || in_wished_line(judgement, wished, line);
    if (judgement.verdict == Verdict::refused) {
      for (const Reason& reason : judgement.reasons) wanted = codes.insert(reason.code).second || wanted;
    }
    if (wanted) shown.push_back(&judgement);
  }
  return shown;
}

std::vector<const Judgement*> nearest_misses(const resolve::Decision& decision, std::size_t count) {
  std::vector<std::set<ReasonCode>> known;
  std::vector<const Judgement*> misses;
  for (const Judgement& judgement : decision.judgements) {
    if (!is_missed(judgement, decision)) continue;
    auto codes = grounds(judgement);
    const auto same = std::find_if(known.begin(), known.end(), [&codes](const std::set<ReasonCode>& shown) {
      return std::includes(codes.begin(), codes.end(), shown.begin(), shown.end());
    });
    if (same != known.end()) {
      const Judgement*& example = misses[static_cast<std::size_t>(same - known.begin())];
      if (codes == *same && teaches_better(judgement, *example, decision)) example = &judgement;
    } else if (misses.size() < count) {
      known.push_back(std::move(codes));
      misses.push_back(&judgement);
    }
  }
  return misses;
}

const Judgement* admitted_by_lower_trust(const resolve::Decision& decision) noexcept {
  const auto only_trust = [](const Judgement& judgement) {
    return judgement.verdict == Verdict::refused && judgement.reasons.size() == 1 &&
           judgement.reasons.front().code == ReasonCode::trust;
  };
  const auto found = std::find_if(decision.judgements.begin(), decision.judgements.end(), only_trust);
  return found == decision.judgements.end() ? nullptr : &*found;
}

}  // namespace wheelfit::render
