// SPDX-License-Identifier: Apache-2.0
#include "resolve/tag_judge.hpp"

namespace wheelfit::resolve {

namespace {

std::string key_of(const python::WheelFilename& file) {
  std::string key;
  for (const auto* tags : {&file.python_tags, &file.abi_tags, &file.platform_tags}) {
    for (const std::string& tag : *tags) key.append(tag).append(".");
    key += '-';
  }
  return key;
}

}  // namespace

TagJudge::TagJudge(const probe::Environment& environment)
    : here_(probe::tag_target(environment)), any_python_(here_) {
  any_python_.python.reset();
  any_python_.free_threaded.reset();
}

const TagVerdicts& TagJudge::verdicts(const python::WheelFilename& file) {
  const auto [found, added] = known_.try_emplace(key_of(file));
  if (added) {
    TagVerdicts& verdicts = found->second;
    verdicts.here = python::judge_tags(file.tags(), here_);
    const auto& mismatch = verdicts.here.mismatch;
    if (mismatch == python::TagMismatch::python || mismatch == python::TagMismatch::abi) {
      verdicts.any_python = python::judge_tags(file.tags(), any_python_);
    }
  }
  return found->second;
}

}  // namespace wheelfit::resolve
