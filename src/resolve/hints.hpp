// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "resolve/decision.hpp"

namespace wheelfit::resolve {

// The smallest changes that would make (more) prebuilt wheels possible: wheels that one single ground keeps
// out, the best one per ground. Best first, at most three.
std::vector<Text> hints(const probe::Environment& environment, const std::vector<Judgement>& ranked,
                        const std::optional<Chosen>& chosen, const std::vector<Reason>& environment_reasons);

// The flags that permit other ways, as the last of them: they are never the ones that are left out.
void add_permissions(std::vector<Text>& hints, std::vector<Text> permissions);

}  // namespace wheelfit::resolve
