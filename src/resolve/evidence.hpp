// SPDX-License-Identifier: Apache-2.0
// What the binaries themselves say, beside what names and rows say of them. Pure.
//
// A wheel is first judged by its name; the best are then examined (proof/wheel_proof.hpp) and judged again
// with what was found. Symbols overrule names: a wheel for another torch minor is admitted when, and only
// when, they prove it, and a wheel that keeps not what its name promises is refused.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catalog/candidate.hpp"
#include "probe/environment.hpp"
#include "proof/wheel_proof.hpp"
#include "resolve/judgement.hpp"

namespace wheelfit::resolve {

// Of the candidates that were examined, by evidence_key().
using Evidence = std::map<std::string, proof::WheelProof>;

// Two candidates of one key are the same file.
std::string evidence_key(const catalog::Candidate& candidate);

// Lays a proof over the judgement by name.
void weigh(Judgement& judgement, const proof::WheelProof& proof);

// The next candidate that is worth examining, as an index into `ranked`: the best that may fit as long as it
// was not examined; where none may fit, one that only its name speaks against, nearest torch first. nullopt:
// the best one has been examined, or nothing that could be learned would change the choice.
std::optional<std::size_t> next_to_examine(const std::vector<Judgement>& ranked, const Evidence& evidence,
                                           const probe::Environment& environment);

}  // namespace wheelfit::resolve
