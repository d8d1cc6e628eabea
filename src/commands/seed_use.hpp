// SPDX-License-Identifier: Apache-2.0
// Whether this environment's pip, as it is set up, would use what is seeded.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/fact.hpp"
#include "pipcache/habits.hpp"
#include "pipcache/link.hpp"
#include "probe/environment.hpp"
#include "render/seed.hpp"

namespace wheelfit::commands {

struct SeedUse {
  std::vector<render::SeedReason> reasons;  // why not; empty: it would
  bool reads_origin = false;                // origin.json beside the wheel
};

SeedUse use_of(const std::string& package, pipcache::RequestForm form,
               const Fact<std::filesystem::path>& cache, const probe::Environment& environment);

// Why there is no pip to seed: the environment is uv's, or has none. Empty where there is one.
std::vector<render::SeedReason> no_pip(const probe::Environment& environment);

// Throws Error{refused} with the reason where pip's cache is off or not known.
void require_cache(const Fact<std::filesystem::path>& cache);

// PEP 610 of a source archive, as pip writes it beside a wheel; "" where that is not known (a repository's
// commit).
std::string origin_of(const pipcache::Link& link);

}  // namespace wheelfit::commands
