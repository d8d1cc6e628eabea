// SPDX-License-Identifier: Apache-2.0
// The decision by what binaries say: judge by name, examine the best, judge again, until the best has been
// examined.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/reporter.hpp"
#include "commands/examine.hpp"
#include "fetch/fetch.hpp"
#include "resolve/decision.hpp"

namespace wheelfit::commands {

using Resolve = std::function<resolve::Decision(const resolve::Evidence&)>;

// `resolve` is pure and asked several times. Few candidates are examined, each by its first bytes: from its
// file, from the store, else by ranges; what it says is added to `evidence`. One that cannot be read stays
// judged by its name, and that is noted.
resolve::Decision settle(const Resolve& resolve, const catalog::Recipe& recipe, const Examiner& examiner,
                         const probe::Environment& environment, const fetch::Store& store,
                         const NetworkSettings& network, resolve::Evidence& evidence, Reporter& report);

}  // namespace wheelfit::commands
