// SPDX-License-Identifier: Apache-2.0
// An environment as a bundle describes it, and how this one differs from the one that it was made for. Pure.
#pragma once

#include <vector>

#include "base/text.hpp"
#include "bundle/manifest.hpp"
#include "probe/environment.hpp"

namespace wheelfit::commands {

// No path, no address, no name: what decides about wheels, and nothing else.
bundle::MadeFor fingerprint(const probe::Environment& environment);

struct Difference {
  Text sentence;
  bool grave = false;  // wheels are made for this: the decision may come out otherwise
};

// What is not known on one side differs from nothing.
std::vector<Difference> differences(const bundle::MadeFor& made_for, const bundle::MadeFor& here);

}  // namespace wheelfit::commands
