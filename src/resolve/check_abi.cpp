// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "resolve/checks.hpp"

namespace wheelfit::resolve {

namespace {

const char* word(bool cxx11_abi) { return cxx11_abi ? "TRUE" : "FALSE"; }

bool matches(const catalog::TorchAbiRow& row, const probe::Environment& environment) {
  const probe::Torch& torch = environment.torch;
  if (!row.torch.admits(torch.version->public_version())) return false;
  if (!row.machine.empty()) {
    if (!environment.interpreter.platform || !environment.interpreter.platform->ends_with(row.machine))
      return false;
  }
  if (row.cuda.empty()) return true;
  return torch.cuda && std::find(row.cuda.begin(), row.cuda.end(), torch.cuda->to_string()) != row.cuda.end();
}

}  // namespace

std::optional<catalog::Sourced<bool>> published_abi(const probe::Environment& environment,
                                                    const catalog::Knowledge& knowledge) {
  const probe::Torch& torch = environment.torch;
  // A pre-release with a vendor's label is nobody's published build.
  if (!torch.version || torch.version->is_prerelease()) return std::nullopt;
  std::optional<catalog::Sourced<bool>> answer;
  for (const catalog::TorchAbiRow& row : knowledge.torch_abis) {
    if (matches(row, environment)) answer = catalog::Sourced<bool>{row.cxx11_abi, row.source};
  }
  return answer;
}

void check_cxx11_abi(const Question& question, Findings& findings) {
  if (!concerns_torch(question)) return;
  const auto& platform = question.environment.interpreter.platform;
  if (platform && !platform->starts_with("linux_")) return;  // the two ABIs are libstdc++'s
  const std::optional<bool> has = effective_abi(question.candidate);
  if (!has) return;

  const Fact<bool>& wanted = question.environment.torch.cxx11_abi;
  const std::string source =
      question.candidate.knowledge->cxx11_abi ? question.candidate.knowledge->cxx11_abi->source : "";
  if (wanted) {
    if (*wanted != *has) {
      findings.refuse(
          ReasonCode::cxx11_abi,
          text("has C++11 ABI {}, torch here has {}: undefined symbol on import", word(*has), word(*wanted)),
          source);
    }
    return;
  }
  const auto published = published_abi(question.environment, question.knowledge);
  if (published && published->value != *has) {
    findings.doubt(ReasonCode::cxx11_abi,
                   text("has C++11 ABI {}, this torch is published with {}; the environment does not say",
                        word(*has), word(published->value)),
                   published->source);
  }
}

}  // namespace wheelfit::resolve
