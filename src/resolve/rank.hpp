// SPDX-License-Identifier: Apache-2.0
// The order among judged wheels. Pure and total: equal inputs give equal orders.
#pragma once

#include <vector>

#include "resolve/decision.hpp"

namespace wheelfit::resolve {

// Fitting ones first, best first:
//   standing (fits, unproven, for another torch but proven) → trust → version → stable ABI → honest label →
//   nearest CUDA → manylinux before linux → newest release.
// Then the refused, nearest miss first: fewest grounds, the most easily cured ground, then as above.
void rank(std::vector<Judgement>& judgements, const probe::Environment& environment);

// The label names an ABI that the binary does not have.
bool misleading_label(const catalog::Candidate& candidate) noexcept;

}  // namespace wheelfit::resolve
