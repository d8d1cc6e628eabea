// SPDX-License-Identifier: Apache-2.0
// How conda, mamba, micromamba and pixi are told what wheelfit knows of the network: by the variables that
// they read, so that they fetch from the channel as wheelfit has just asked it. No credential is on a command
// line.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "system/curl_http.hpp"

namespace wheelfit::commands {

// Proxies and certificates. What the user has set for such a program stays as it is, unless a flag of
// wheelfit's says otherwise. Looks whether the certificates are a file or a directory.
std::map<std::string, std::string> network_variables(const system::HttpSettings& settings);

// What a program says, without the user names and passwords that it was told.
std::string without_credentials(std::string_view said, const std::map<std::string, std::string>& told);

}  // namespace wheelfit::commands
