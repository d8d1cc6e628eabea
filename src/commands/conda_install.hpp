// SPDX-License-Identifier: Apache-2.0
// The rung of conda's packages: through the environment's own program, else as a wheel made of the package.
#pragma once

#include <optional>

#include "commands/conda_program.hpp"
#include "commands/obtain.hpp"
#include "commands/place.hpp"

namespace wheelfit::commands {

// Whether the choice is a package of conda's.
bool takes_conda(const Decided& decided);

// The program that puts it there, where the environment has one that can.
std::optional<CondaProgram> program_for(const Decided& decided, const probe::Environment& environment,
                                        const system::World& world);

// The line that would be run.
std::string conda_line(const CondaProgram& program, const Decided& decided,
                       const probe::Environment& environment);

// Runs it, holds Python and torch against what they were, and proves what is there then; what fails its proof
// is taken out again (unless --keep). Throws Error{refused} "conda" where the program fails, "torch-moved"
// where it moved Python or torch.
Placed install_through(const CondaProgram& program, const Decided& decided,
                       const probe::Environment& environment, const catalog::Knowledge& knowledge,
                       const Settings& settings, system::World& world, Reporter& report);

// The chosen package of a channel, fetched and made a wheel.
Obtained obtain_package(const Decided& decided, const probe::Environment& environment,
                        const catalog::Knowledge& knowledge, const fetch::Store& store,
                        const Settings& settings, system::World& world, system::HttpClient* http,
                        Reporter& report);

}  // namespace wheelfit::commands
