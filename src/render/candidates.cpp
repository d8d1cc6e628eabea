// SPDX-License-Identifier: Apache-2.0
#include "render/candidates.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace wheelfit::render {
namespace {

using resolve::Judgement;
using resolve::Verdict;

// The version whose wheels are shown where none is wished; nullptr where nothing was judged.
const python::Version* shown_version(const resolve::Decision& decision) noexcept {
  if (decision.chosen && !decision.chosen->judgement.candidate.name.empty()) {
    return &decision.chosen->judgement.candidate.fields.version;
  }
  return decision.judgements.empty() ? nullptr : &decision.judgements.front().candidate.fields.version;
}

bool in_wished_line(const Judgement& judgement, const python::SpecifierSet& wished,
                    const python::Version* line) {
  const catalog::WheelFields& fields = judgement.candidate.fields;
  if (wished.empty()) return line != nullptr && fields.version == *line;
  return wished.admits_by_default(fields.version) || wished.admits_by_default(fields.file.version);
}

// The grounds of a refusal as one comparable value.
std::string grounds(const Judgement& judgement) {
  std::string all;
  for (const Reason& reason : judgement.reasons) all += reason.text.english() + "\n";
  return all;
}

}  // namespace

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
  std::set<std::string> known;
  std::vector<const Judgement*> misses;
  for (const Judgement& judgement : decision.judgements) {
    if (misses.size() == count) break;
    if (judgement.verdict == Verdict::refused && known.insert(grounds(judgement)).second)
      misses.push_back(&judgement);
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
