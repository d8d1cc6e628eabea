// SPDX-License-Identifier: Apache-2.0
#include "resolve/judge.hpp"

#include "resolve/checks.hpp"

namespace wheelfit::resolve {

namespace {

// Few of all wheels are refused on more.
constexpr std::size_t usual_grounds = 4;

// What matters for compiled code alone.
void check_binary(const Question& question, Findings& findings) {
  check_libc(question, findings);
  check_torch(question, findings);
  check_cuda(question, findings);
  check_cxx11_abi(question, findings);
  check_gpus(question, findings);
  check_conda(question, findings);
  check_reputation(question, findings);
}

}  // namespace

std::string_view to_string(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::fits:
      return "fits";
    case Verdict::unproven:
      return "unproven";
    case Verdict::refused:
      return "refused";
  }
  return "refused";
}

Judgement Judge::judge(const catalog::Shared<catalog::Candidate>& candidate) {
  const Question question{environment_, recipe_, *candidate,
                          knowledge_,   wishes_, tags_.verdicts(candidate->fields.file)};
  Findings findings;
  findings.refusals.reserve(usual_grounds);
  check_wishes(question, findings);
  check_tags(question, findings);
  if (candidate->stand_in) {
    check_stand_in(question, findings);
  } else {
    check_binary(question, findings);
  }

  Judgement judgement{candidate, Verdict::fits, std::move(findings.remarks)};
  if (!findings.doubts.empty()) {
    judgement.verdict = Verdict::unproven;
    judgement.reasons = std::move(findings.doubts);
  }
  if (!findings.refusals.empty()) {
    judgement.verdict = Verdict::refused;
    judgement.reasons = std::move(findings.refusals);
  }
  return judgement;
}

Judgement judge(const probe::Environment& environment, const catalog::Recipe* recipe,
                const catalog::Shared<catalog::Candidate>& candidate, const catalog::Knowledge& knowledge,
                const Wishes& wishes) {
  return Judge(environment, recipe, knowledge, wishes).judge(candidate);
}

}  // namespace wheelfit::resolve
