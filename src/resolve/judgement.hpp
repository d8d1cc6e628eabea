// SPDX-License-Identifier: Apache-2.0
// One wheel judged: a value with its reasons.
#pragma once

#include <string_view>
#include <vector>

#include "base/reason.hpp"
#include "catalog/candidate.hpp"

namespace wheelfit::resolve {

// Best first. `unproven`: nothing speaks against it, but something that matters is doubtful.
enum class Verdict { fits, unproven, refused };
std::string_view to_string(Verdict verdict) noexcept;

// How the verdict was reached, best first.
enum class Proof { symbols, name, none };
std::string_view to_string(Proof proof) noexcept;

struct Judgement {
  catalog::Shared<catalog::Candidate> candidate;
  Verdict verdict = Verdict::refused;
  // Refused: every ground, the most fundamental first. Unproven: the doubts. Fits: remarks worth saying (may
  // be empty).
  std::vector<Reason> reasons;
  Proof proof = Proof::name;
  bool other_torch = false;  // named for another torch; only symbols admit it
  bool stable_abi = false;   // found in its binary: Python's or torch's stable ABI
};

}  // namespace wheelfit::resolve
