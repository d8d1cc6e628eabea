// SPDX-License-Identifier: Apache-2.0
// pyenv's shims: scripts on PATH that stand for an interpreter which pyenv picks by a file or a variable.
#pragma once

#include <filesystem>
#include <optional>

#include "probe/rooted_files.hpp"
#include "system/environment_variables.hpp"

namespace wheelfit::probe {

// Whether `executable` is a shim: it lies in the shims/ of a directory that has versions/.
bool is_pyenv_shim(const std::filesystem::path& executable);

// The interpreter that `shim` would start in `current_directory`; nullopt where pyenv means the system's
// Python
// ("system") or the version that is asked for is not there.
std::optional<std::filesystem::path> pyenv_choice(const std::filesystem::path& shim,
                                                  const std::filesystem::path& current_directory,
                                                  const system::EnvironmentVariables& variables);

}  // namespace wheelfit::probe
