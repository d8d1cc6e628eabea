// SPDX-License-Identifier: Apache-2.0
// Which of the many judged wheels are worth showing. Pure; the pointers point into the decision.
#pragma once

#include <cstddef>
#include <vector>

#include "python/specifier.hpp"
#include "resolve/decision.hpp"

namespace wheelfit::render {

// Whether something is chosen that wheels are measured by; a fallback is no such thing.
bool wheel_chosen(const resolve::Decision& decision) noexcept;

// For the plan document, in the decision's order (fitting first, then the nearest misses): every wheel that
// is not refused; those of the wished version line; and at least one for every distinct refusal code. Where
// no version is wished, the line is the chosen wheel's version, else the nearest miss's.
std::vector<const resolve::Judgement*> shown_candidates(const resolve::Decision& decision,
                                                        const python::SpecifierSet& wished);

// The first `count` refusals that teach different things: none whose codes hold all those
// of one before it; among equals the one that a hint names, else an official one. Where something is chosen,
// only newer versions that were wished.
std::vector<const resolve::Judgement*> nearest_misses(const resolve::Decision& decision, std::size_t count);

// The best wheel that nothing but the trust policy refuses; nullptr where there is none.
const resolve::Judgement* admitted_by_lower_trust(const resolve::Decision& decision) noexcept;

}  // namespace wheelfit::render
