// SPDX-License-Identifier: Apache-2.0
// Proxies that this machine's other programs are told to use, and that nobody told us.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/fact.hpp"
#include "system/environment_variables.hpp"

namespace wheelfit::diagnose {

// Of git (~/.gitconfig, /etc/gitconfig), apt, conda, wget and /etc/environment; each address once, with the
// file that names it. Addresses may hold credentials. `root`: where /etc is.
std::vector<Fact<std::string>> find_other_proxies(const system::EnvironmentVariables& variables,
                                                  const std::filesystem::path& root);

// The parsers, each of its format; pure.
std::vector<std::string> proxies_in_gitconfig(std::string_view text);
std::vector<std::string> proxies_in_apt_conf(std::string_view text);
std::vector<std::string> proxies_in_condarc(std::string_view text);
std::vector<std::string> proxies_in_assignments(std::string_view text);  // wgetrc, /etc/environment

}  // namespace wheelfit::diagnose
