// SPDX-License-Identifier: Apache-2.0
// pip.conf, as Python's RawConfigParser reads it and pip names what is in it.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace wheelfit::probe {

// "install.find-links" -> value; keys in lower case with '-' for '_', values of several lines joined by '\n'.
// What is no section, option, continuation or comment is passed over.
std::map<std::string, std::string> parse_pip_config(std::string_view text);

// "No_Index", "--no-index" -> "no-index".
std::string pip_option_name(std::string_view name);

}  // namespace wheelfit::probe
