// SPDX-License-Identifier: Apache-2.0
// From a decision to a wheel file on disk.
#pragma once

#include <optional>

#include "base/reporter.hpp"
#include "commands/addresses.hpp"
#include "commands/conda_package.hpp"
#include "commands/decide.hpp"
#include "fetch/fetch.hpp"
#include "resolve/decision.hpp"

namespace wheelfit::commands {

struct Obtained {
  resolve::Judgement
      judgement;  // of the wheel that was obtained: the chosen one, or the next that could be had
  fetch::Artifact artifact;
  fetch::FetchedFile file;
  std::optional<CondaPackage> made_of{};  // where the wheel was made here of a package of a channel
};

// One wheel, wherever it is: as below, but with no other in its place. `catalog`: what its sources said.
fetch::FetchedFile obtain_candidate(const catalog::Candidate& candidate, const catalog::Catalog& catalog,
                                    const fetch::Store& store, const Settings& settings, system::World& world,
                                    system::HttpClient* http, Reporter& report);

// A local file as it is; else from the store; else over the network. A wheel that its source does not hold
// (any more) is passed over for the next that fits, and that is said. Throws Error{unreachable} when none
// could be had: offline and not in the store, or no package index is set.
// A wheel of which only the size was known, and that a mirror gave, is proven by its symbols at once: else it
// is refused.
Obtained obtain(const Decided& decided, const probe::Environment& environment, const fetch::Store& store,
                const Settings& settings, system::World& world, system::HttpClient* http, Reporter& report);

// How files are fetched by these settings.
fetch::Limits fetch_limits(const Settings& settings);

// Throws Error{refused} with the nearest misses and the hints when nothing fits.
void require_choice(const Decided& decided);
// The same where what is installed is no answer: a wheel is wanted.
void require_wheel(const Decided& decided);

}  // namespace wheelfit::commands
