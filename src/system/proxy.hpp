// SPDX-License-Identifier: Apache-2.0
// Which proxy a request goes through, by the conventions that pip (requests) and curl share. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/fact.hpp"
#include "system/environment_variables.hpp"
#include "system/url.hpp"

namespace wheelfit::system {

// `explicit_proxy` (a flag, or pip's setting) is for every host, except those of `no_proxy` where that is
// given, as in pip. Else <scheme>_proxy and all_proxy of `variables`, lower case before upper, unless
// no_proxy names the host. The answer has a scheme; "socks5" and "socks" become "socks5h": names are resolved
// by the proxy. Unknown: none; the source is the exclusion that says so, if one does.
Fact<std::string> proxy_for(const Url& url, const Fact<std::string>& explicit_proxy,
                            const std::optional<std::string>& no_proxy,
                            const EnvironmentVariables& variables);

// The same for a program that is started: <scheme>_proxy, all_proxy and no_proxy in both spellings, since
// some know one alone (libcurl: http_proxy in lower case) and others differ in which one rules.
// `explicit_proxy` is for both schemes, "" for none at all; what no_proxy names stays excluded.
std::map<std::string, std::string> proxy_variables(const Fact<std::string>& explicit_proxy,
                                                   const EnvironmentVariables& variables);

// `list`: hosts, domains (with or without a leading dot), host:port, addresses and networks of IPv4 and IPv6,
// "*"; separated by commas or spaces.
bool is_excluded(const Url& url, std::string_view list);

}  // namespace wheelfit::system
