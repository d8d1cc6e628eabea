// SPDX-License-Identifier: Apache-2.0
#include "resolve/checks.hpp"

namespace wheelfit::resolve {

namespace {

void check_pin(const Question& question, Findings& findings) {
  const auto& pin = question.candidate.knowledge->torch_pin;
  const probe::Torch& torch = question.environment.torch;
  if (!pin || !torch.version || pin->value.admits(*torch.version)) return;
  findings.refuse(
      ReasonCode::torch_minor,
      text("requires torch {} by its metadata, here is {}: pip would replace torch, wheelfit never does",
           pin->value.to_string(), torch.version->to_string()),
      pin->source);
}

void check_minor(const Question& question, Findings& findings) {
  const auto& made_for = question.candidate.fields.torch;
  const probe::Torch& torch = question.environment.torch;
  if (!made_for || !torch.version) return;
  if (!python::same_release_prefix(*made_for, *torch.version)) {
    findings.refuse(ReasonCode::torch_minor, text("is made for torch {}, here is {}", made_for->to_string(),
                                                  torch.version->to_string()));
  } else if (torch.version->is_prerelease()) {
    // A nightly or a vendor's own build (NGC: 2.6.0a0+….nv25.01) need not have the release's symbols.
    findings.doubt(ReasonCode::torch_minor,
                   text("is made for the released torch {}, here is the pre-release {}",
                        made_for->to_string(), torch.version->to_string()));
  }
}

}  // namespace

void check_torch(const Question& question, Findings& findings) {
  if (!concerns_torch(question)) return;
  const probe::Torch& torch = question.environment.torch;
  if (torch.installed && !*torch.installed) {
    findings.refuse(ReasonCode::torch_missing,
                    text("is compiled against torch, and this environment has none"));
    return;
  }
  const bool for_rocm = question.candidate.fields.rocm.has_value();
  const auto wanted = for_rocm ? probe::TorchBuild::rocm : probe::TorchBuild::cuda;
  const bool has_device_code = for_rocm || effective_cuda(question.candidate) || question.recipe != nullptr;
  if (has_device_code && torch.build && *torch.build != wanted) {
    findings.refuse(ReasonCode::torch_build, text("needs a torch built for {}, here is a torch built for {}",
                                                  to_string(wanted), to_string(*torch.build)));
  }
  check_pin(question, findings);
  check_minor(question, findings);
}

}  // namespace wheelfit::resolve
