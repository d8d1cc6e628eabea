// SPDX-License-Identifier: Apache-2.0
// The settings file and the WHEELFIT_ variables: where an option's value comes from when no flag gives it.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "system/environment_variables.hpp"

namespace wheelfit::cli {

// Option name ("trust", "extra-index-url") → its values, in order.
using OptionValues = std::map<std::string, std::vector<std::string>, std::less<>>;

// wheelfit/config.toml below XDG_CONFIG_HOME, else ~/.config; WHEELFIT_CONFIG names another. nullopt where
// there is none; throws Error{usage} for a named file that is not there.
std::optional<std::filesystem::path> settings_file(const system::EnvironmentVariables& variables);

// Empty where there is no settings file. Throws Error{usage} with file, line and column for bad TOML.
OptionValues read_settings_file(const system::EnvironmentVariables& variables);

// "extra-index-url" → "WHEELFIT_EXTRA_INDEX_URL".
std::string variable_for(std::string_view option);

// The values of one option below the flags: its variable (blank-separated where it may be given several
// times), else the file's.
std::optional<std::vector<std::string>> fallback_values(std::string_view option, bool repeatable,
                                                        const system::EnvironmentVariables& variables,
                                                        const OptionValues& file);

}  // namespace wheelfit::cli
