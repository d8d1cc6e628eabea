// SPDX-License-Identifier: Apache-2.0
// pip's options for `pip install`, from its configuration files and PIP_* variables, in pip's own precedence.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fact.hpp"
#include "probe/rooted_files.hpp"
#include "system/environment_variables.hpp"

namespace wheelfit::probe {

class PipOptions {
 public:
  // `prefix`: the environment's, whose pip.conf counts. Files: global < user < site < PIP_CONFIG_FILE (which
  // turns the user's off; /dev/null turns all off) < PIP_* variables; over all files [install] beats
  // [global].
  static PipOptions load(const std::optional<std::filesystem::path>& prefix,
                         const system::EnvironmentVariables& variables, const RootedFiles& files);

  // The source is the file or the variable. Empty values count as not set, as for pip.
  Fact<std::string> get(std::string_view option) const;
  // Options that may be given several times: split at blanks.
  std::vector<Fact<std::string>> get_all(std::string_view option) const;
  // Options whose later values add to the earlier ones instead of replacing them: [global], [install],
  // variable.
  std::vector<Fact<std::string>> get_each(std::string_view option) const;
  // distutils' words for true and false; anything else, which pip refuses, is not known.
  Fact<bool> get_flag(std::string_view option) const;

 private:
  struct Value {
    std::string text;
    std::string source;
  };
  std::map<std::string, Value, std::less<>> values_;  // "install.index-url", ":env:.index-url"
};

// The configuration files in the order in which later ones win, existing or not.
std::vector<std::filesystem::path> pip_config_files(const std::optional<std::filesystem::path>& prefix,
                                                    const system::EnvironmentVariables& variables,
                                                    const RootedFiles& files);

}  // namespace wheelfit::probe
