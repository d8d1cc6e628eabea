// SPDX-License-Identifier: Apache-2.0
// What verify and install share: how a distribution is proven and what exit code that earns.
#pragma once

#include <string>
#include <vector>

#include "base/exit_code.hpp"
#include "base/reporter.hpp"
#include "catalog/knowledge.hpp"
#include "commands/settings.hpp"
#include "install/receipt.hpp"
#include "probe/environment.hpp"
#include "system/clock.hpp"
#include "system/world.hpp"
#include "verify/report.hpp"

namespace wheelfit::commands {

// Proves the distribution whose dist-info is given: its files, its symbols, its import, its numbers. `recipe`
// may be null.
verify::Report prove(const std::string& distribution, const std::string& version,
                     const std::filesystem::path& dist_info, const catalog::Recipe* recipe,
                     const catalog::Knowledge& knowledge, const probe::Environment& environment,
                     const Settings& settings, const system::World& world, Reporter& report);

// 2 when something failed, 0 when the proof went as far as required, else 1. A distribution that has nothing
// to run on a GPU is proven by its import.
ExitCode exit_code_of(const verify::Report& report, const catalog::Recipe* recipe, Proof required);

// The receipt with what this proof found laid over its earlier proofs of the same kind.
install::Receipt with_proofs(install::Receipt receipt, const verify::Report& report, system::Clock& clock);

// RFC 3339, UTC, to the second.
std::string timestamp(system::Clock& clock);

}  // namespace wheelfit::commands
