// SPDX-License-Identifier: Apache-2.0
// -r FILE, for the verbs that take it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/reporter.hpp"
#include "catalog/knowledge.hpp"
#include "system/world.hpp"

namespace wheelfit::commands {

// Adds the lines that wheelfit can serve to `subjects`; the rest is the installer's business, which is noted.
// Throws Error{usage} for a file that cannot be read.
void add_requirements(const std::filesystem::path& file, const catalog::Knowledge& knowledge,
                      std::vector<std::string>& subjects, const system::World& world, Reporter& report);

}  // namespace wheelfit::commands
