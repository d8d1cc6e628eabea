// SPDX-License-Identifier: Apache-2.0
// Which environment is meant.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "probe/rooted_files.hpp"
#include "system/environment_variables.hpp"

namespace wheelfit::probe {

struct Selection {
  std::filesystem::path executable;  // links not followed
  std::string source;                // "--python" "VIRTUAL_ENV" "CONDA_PREFIX" ".venv" "PATH"
};

struct SelectionRequest {
  std::optional<std::filesystem::path>
      python;  // --python: a file, an environment's directory, or a name on PATH
  std::filesystem::path current_directory;
};

// In the order of Selection::source. A variable that names no environment (a deleted venv) is passed over, as
// is a script on PATH; a pyenv shim is followed as pyenv does (PYENV_VERSION, .python-version, the global
// version). Throws Error{usage} when `python` names no interpreter, Error{refused} when there is none at all.
Selection select_environment(const SelectionRequest& request, const system::EnvironmentVariables& variables,
                             const RootedFiles& files);

// The interpreter in an environment's directory: bin/python, bin/python3, bin/python3.X, bin/pypy3.
std::optional<std::filesystem::path> interpreter_in(const std::filesystem::path& directory);

}  // namespace wheelfit::probe
