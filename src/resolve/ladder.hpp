// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "resolve/decision.hpp"

namespace wheelfit::resolve {

// Goes down the rungs in order and takes the first that holds. Every rung not taken says why.
struct Descent {
  std::optional<Chosen> chosen;
  std::vector<LadderStep> steps;
  std::vector<Text> permissions;  // the flags that would make rungs possible where nothing is chosen
};

struct Situation {
  const probe::Environment& environment;
  const catalog::Recipe& recipe;
  const catalog::Knowledge& knowledge;
  const Wishes& wishes;
  const catalog::Catalog& catalog;
  const std::vector<Judgement>& ranked;
  const std::vector<Judgement>& conda;
  const std::optional<InstalledState>& installed;
  const std::vector<Reason>& environment_reasons;
};

Descent descend(const Situation& here);

}  // namespace wheelfit::resolve
