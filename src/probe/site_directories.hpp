// SPDX-License-Identifier: Apache-2.0
// The part of sys.path that packages come from, as CPython's site.py (and Debian's and Fedora's changes to
// it) would make it: PYTHONPATH, then site-packages, the user's, the base's, each followed by what its .pth
// files add.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "probe/python_layout.hpp"
#include "system/environment_variables.hpp"

namespace wheelfit::probe {

struct SiteDirectories {
  std::vector<std::filesystem::path> directories;          // in Python's order; all exist
  std::vector<std::filesystem::path> pth_files_with_code;  // their `import` lines were not run
};

SiteDirectories find_site_directories(const PythonLayout& layout,
                                      const system::EnvironmentVariables& variables,
                                      const std::filesystem::path& current_directory,
                                      const RootedFiles& files);

// PYTHONUSERBASE or ~/.local; nullopt where neither is known.
std::optional<std::filesystem::path> user_base(const system::EnvironmentVariables& variables,
                                               const RootedFiles& files);
// Whether site.py would add the user's site-packages: not in a virtual environment that is on its own, not
// with PYTHONNOUSERSITE.
bool user_site_enabled(const PythonLayout& layout, const system::EnvironmentVariables& variables);
// "~/x" with HOME put in; anything else as it is.
std::filesystem::path with_home(const std::string& path, const system::EnvironmentVariables& variables);

}  // namespace wheelfit::probe
