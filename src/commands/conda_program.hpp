// SPDX-License-Identifier: Apache-2.0
// conda, mamba, micromamba or pixi: the program that an environment of theirs is changed with, and what it is
// told. Finding it looks at files; the rest is pure.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "catalog/candidate.hpp"
#include "probe/environment.hpp"
#include "system/world.hpp"

namespace wheelfit::commands {

struct CondaProgram {
  std::string name;            // "conda" "mamba" "micromamba" "pixi"
  std::filesystem::path path;  // of the executable
};

// A package that conda has put into an environment, by conda-meta/.
struct CondaInstalled {
  std::string name;
  std::string version;
  std::string build;

  friend bool operator==(const CondaInstalled&, const CondaInstalled&) = default;
};

// The environment's own: of the installation that holds it, else the one that is active, else on PATH.
// nullopt: none, or the environment is not conda's.
std::optional<CondaProgram> conda_program(const probe::Environment& environment, const system::World& world);

// What conda put there that must not move: Python and torch, sorted by name.
std::vector<CondaInstalled> fixed_packages(const std::filesystem::path& prefix);

// Installs that package and moves none of the fixed ones.
std::vector<std::string> install_command(const CondaProgram& program, const std::filesystem::path& prefix,
                                         const catalog::CondaBuild& build,
                                         const std::vector<CondaInstalled>& fixed);
// Installs what an explicit list names, and nothing beside it. pixi cannot: empty then.
std::vector<std::string> install_file_command(const CondaProgram& program,
                                              const std::filesystem::path& prefix,
                                              const std::filesystem::path& explicit_list);
// Takes it out again, and nothing beside it.
std::vector<std::string> remove_command(const CondaProgram& program, const std::filesystem::path& prefix,
                                        const std::string& package);

}  // namespace wheelfit::commands
