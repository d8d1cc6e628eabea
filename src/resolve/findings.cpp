// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "resolve/checks.hpp"

namespace wheelfit::resolve {

void Findings::refuse(ReasonCode code, Text text, std::string source) {
  const auto less_fundamental = [](ReasonCode left, const Reason& right) { return left > right.code; };
  const auto place = std::upper_bound(refusals.begin(), refusals.end(), code, less_fundamental);
  refusals.insert(place, {code, std::move(text), std::move(source)});
}

void Findings::doubt(ReasonCode code, Text text, std::string source) {
  doubts.push_back({code, std::move(text), std::move(source)});
}

void Findings::remark(ReasonCode code, Text text, std::string source) {
  remarks.push_back({code, std::move(text), std::move(source)});
}

std::optional<bool> effective_abi(const catalog::Candidate& candidate) {
  if (candidate.knowledge->cxx11_abi) return candidate.knowledge->cxx11_abi->value;
  return candidate.fields.cxx11_abi;
}

std::optional<catalog::CudaTag> effective_cuda(const catalog::Candidate& candidate) {
  if (candidate.fields.cuda) return candidate.fields.cuda;
  if (candidate.knowledge->cuda) return candidate.knowledge->cuda->value;
  return std::nullopt;
}

bool concerns_torch(const Question& question) {
  if (question.recipe != nullptr) return question.recipe->needs_torch;
  const catalog::WheelFields& fields = question.candidate.fields;
  return fields.torch || fields.cuda || fields.rocm;
}

}  // namespace wheelfit::resolve
