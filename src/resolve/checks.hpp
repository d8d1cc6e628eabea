// SPDX-License-Identifier: Apache-2.0
// The single questions asked of a wheel. Each looks at one concern, adds what it finds and knows nothing of
// the others. An unknown fact of the environment never refuses.
#pragma once

#include <vector>

#include "base/reason.hpp"
#include "resolve/decision.hpp"
#include "resolve/tag_judge.hpp"

namespace wheelfit::resolve {

struct Findings {
  std::vector<Reason> refusals;  // the most fundamental first: curing the others would not help
  std::vector<Reason> doubts;    // nothing proves it wrong, but it may be
  std::vector<Reason> remarks;   // worth saying of a wheel that fits

  void refuse(ReasonCode code, Text text, std::string source = {});
  void doubt(ReasonCode code, Text text, std::string source = {});
  void remark(ReasonCode code, Text text, std::string source = {});
};

// All that the checks may look at.
struct Question {
  const probe::Environment& environment;
  const catalog::Recipe* recipe;  // null: a distribution that is not known as data
  const catalog::Candidate& candidate;
  const catalog::Knowledge& knowledge;
  const Wishes& wishes;
  const TagVerdicts& tags;
};

void check_wishes(const Question& question, Findings& findings);      // version, trust, yanked
void check_tags(const Question& question, Findings& findings);        // python-tag, platform, requires-python
void check_libc(const Question& question, Findings& findings);        // glibc
void check_torch(const Question& question, Findings& findings);       // torch-missing, -build, -minor
void check_cuda(const Question& question, Findings& findings);        // cuda-major, cuda-minor, driver
void check_cxx11_abi(const Question& question, Findings& findings);   // cxx11-abi
void check_gpus(const Question& question, Findings& findings);        // gpu-arch
void check_conda(const Question& question, Findings& findings);       // torch-build, of conda's packages
void check_reputation(const Question& question, Findings& findings);  // known-bad, nightly-built
// Of the recipe's fallback: torch-minor, version. What matters for compiled code is no matter for it.
void check_stand_in(const Question& question, Findings& findings);

// The C++ ABI of the binary: what is known of it, else what its label says.
std::optional<bool> effective_abi(const catalog::Candidate& candidate);
// The CUDA it links: by name, else as the recipe states.
std::optional<catalog::CudaTag> effective_cuda(const catalog::Candidate& candidate);
// Whether the wheel has something to do with torch at all.
bool concerns_torch(const Question& question);
// The C++ ABI that torch's publisher built this torch with, where the environment itself does not say.
std::optional<catalog::Sourced<bool>> published_abi(const probe::Environment& environment,
                                                    const catalog::Knowledge& knowledge);
// The least driver for programs of this CUDA major.
const catalog::DriverRow* least_driver(const catalog::Knowledge& knowledge, int cuda_major);
// The least compute capability that this version's code accepts.
const catalog::GpuFloorRow* gpu_floor(const catalog::Recipe& recipe, const python::Version& version);

}  // namespace wheelfit::resolve
