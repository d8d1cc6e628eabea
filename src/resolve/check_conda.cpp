// SPDX-License-Identifier: Apache-2.0
#include "resolve/checks.hpp"

namespace wheelfit::resolve {

namespace {

bool torch_is_condas(const probe::Environment& environment) {
  const probe::InstalledDistribution* torch = environment.interpreter.find("torch");
  return torch != nullptr && torch->installer == "conda";
}

}  // namespace

// conda's pytorch and the one that pip installs are built apart: of one version, and yet not the same
// symbols.
void check_conda(const Question& question, Findings& findings) {
  if (!question.candidate.conda || !concerns_torch(question)) return;
  if (torch_is_condas(question.environment)) return;
  findings.doubt(ReasonCode::torch_build,
                 text("is built against conda's pytorch, and the torch here is not from conda: its symbols "
                      "are compared once it is here"));
}

}  // namespace wheelfit::resolve
