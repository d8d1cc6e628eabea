// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "resolve/decision.hpp"
#include "resolve/tag_judge.hpp"

namespace wheelfit::resolve {

// Judges wheel after wheel in one environment. What it was made of must outlive it; `recipe` may be null.
// Not thread-safe.
class Judge {
 public:
  Judge(const probe::Environment& environment, const catalog::Recipe* recipe,
        const catalog::Knowledge& knowledge, const Wishes& wishes)
      : environment_(environment),
        recipe_(recipe),
        knowledge_(knowledge),
        wishes_(wishes),
        tags_(environment) {}

  Judgement judge(const catalog::Shared<catalog::Candidate>& candidate);

 private:
  const probe::Environment& environment_;
  const catalog::Recipe* recipe_;
  const catalog::Knowledge& knowledge_;
  const Wishes& wishes_;
  TagJudge tags_;
};

}  // namespace wheelfit::resolve
