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
};

Descent descend(const catalog::Recipe& recipe, const catalog::Knowledge& knowledge,
                const std::vector<Judgement>& ranked, const std::optional<InstalledState>& installed,
                const std::vector<Reason>& environment_reasons);

}  // namespace wheelfit::resolve
