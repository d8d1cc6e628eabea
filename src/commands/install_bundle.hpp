// SPDX-License-Identifier: Apache-2.0
// `install BUNDLE`: what a connected machine packed, put in here without any network.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/exit_code.hpp"
#include "commands/console.hpp"
#include "commands/settings.hpp"
#include "system/world.hpp"

namespace wheelfit::commands {

// The bundle that the subjects name: a file that begins like one, or a name that ends in .bundle. Throws
// Error{usage} for one that is not there, and for one that is named beside other things.
std::optional<std::filesystem::path> bundle_among(const std::vector<std::string>& subjects,
                                                  const std::filesystem::path& current_directory);

// Everything in it is checked, and everything decided, before the first file is written. Throws
// Error{refused} for a bad bundle, for one that does not fit (any more), and for a requirement that it does
// not bring.
ExitCode install_bundle(const std::filesystem::path& file, const Settings& settings, system::World& world,
                        Console& console);

}  // namespace wheelfit::commands
