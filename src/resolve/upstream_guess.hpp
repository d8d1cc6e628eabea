// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "resolve/decision.hpp"

namespace wheelfit::resolve {

// The address that the package's own setup.py would fetch if pip built it here, and whether that wheel exists
// and fits. nullopt where setup.py would not guess (no rule) or the facts it guesses from are not known.
std::optional<UpstreamGuess> upstream_guess(const probe::Environment& environment,
                                            const catalog::Recipe& recipe,
                                            const catalog::Knowledge& knowledge,
                                            const python::SpecifierSet& wish,
                                            const std::vector<python::Version>& sdists,
                                            const std::vector<Judgement>& judgements);

}  // namespace wheelfit::resolve
