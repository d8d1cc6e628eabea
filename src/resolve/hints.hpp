// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "resolve/decision.hpp"

namespace wheelfit::resolve {

// The smallest changes that would make (more) prebuilt wheels possible: wheels that one single ground keeps
// out, the best one per ground. Best first, at most three.
std::vector<Text> hints(const probe::Environment& environment, const std::vector<Judgement>& ranked,
                        const std::optional<Chosen>& chosen, const std::vector<Reason>& environment_reasons);

// The flag that permits another way, as the last of them: it is never the one that is left out.
void add_permission(std::vector<Text>& hints, Text permission);

}  // namespace wheelfit::resolve
