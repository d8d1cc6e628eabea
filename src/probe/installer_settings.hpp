// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "probe/environment.hpp"
#include "probe/rooted_files.hpp"
#include "system/environment_variables.hpp"

namespace wheelfit::probe {

// pip's settings as this environment's own pip would see them; where the environment has no pip, or is uv's,
// what uv has set comes before. With nothing set, the index is the one that the installed pip carries in its
// own files; without a pip it stays unknown.
InstallerSettings find_installer_settings(const Interpreter& interpreter,
                                          const system::EnvironmentVariables& variables,
                                          const std::filesystem::path& current_directory,
                                          const RootedFiles& files);

// The default index in the text of pip's models/index.py: the address of its first PackageIndex, with
// "simple" joined on as pip joins it.
std::optional<std::string> default_index_in(std::string_view models_index);

}  // namespace wheelfit::probe
