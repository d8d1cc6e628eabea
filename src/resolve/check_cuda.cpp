// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "resolve/checks.hpp"

namespace wheelfit::resolve {

namespace {

void check_driver(const Question& question, int cuda_major, Findings& findings) {
  const probe::Accelerators& accelerators = question.environment.accelerators;
  const catalog::DriverRow* row = least_driver(question.knowledge, cuda_major);
  if (row != nullptr && accelerators.driver && *accelerators.driver < row->driver) {
    findings.refuse(ReasonCode::driver,
                    text("is CUDA {} code, which needs driver {}, here is {}", cuda_major,
                         probe::driver_text(row->driver), probe::driver_text(*accelerators.driver)),
                    row->source);
  } else if (!accelerators.driver && accelerators.driver_cuda &&
             accelerators.driver_cuda->major() < static_cast<std::uint64_t>(cuda_major)) {
    findings.refuse(ReasonCode::driver, text("is CUDA {} code, the driver here speaks CUDA up to {}",
                                             cuda_major, accelerators.driver_cuda->to_string()));
  }
}

bool refused_for(const Findings& findings, ReasonCode code) {
  return std::any_of(findings.refusals.begin(), findings.refusals.end(),
                     [code](const Reason& reason) { return reason.code == code; });
}

}  // namespace

const catalog::DriverRow* least_driver(const catalog::Knowledge& knowledge, int cuda_major) {
  for (const catalog::DriverRow& row : knowledge.drivers) {
    if (row.cuda_major == cuda_major) return &row;
  }
  return nullptr;
}

void check_cuda(const Question& question, Findings& findings) {
  const std::optional<catalog::CudaTag> cuda = effective_cuda(question.candidate);
  if (!cuda || !concerns_torch(question)) return;
  check_driver(question, cuda->major, findings);

  const auto& torch_cuda = question.environment.torch.cuda;
  if (!torch_cuda || refused_for(findings, ReasonCode::torch_build)) return;
  if (torch_cuda->major() != static_cast<std::uint64_t>(cuda->major)) {
    findings.refuse(ReasonCode::cuda_major, text("links the CUDA {} runtime, torch here brings CUDA {}",
                                                 cuda->major, torch_cuda->to_string()));
  } else if (cuda->minor && static_cast<std::uint64_t>(*cuda->minor) != torch_cuda->minor()) {
    findings.remark(ReasonCode::cuda_minor,
                    text("is built with CUDA {}, torch has {}: the same major, so it loads",
                         cuda->to_string(), torch_cuda->to_string()));
  }
}

}  // namespace wheelfit::resolve
