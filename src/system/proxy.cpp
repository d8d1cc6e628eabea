// SPDX-License-Identifier: Apache-2.0
#include "system/proxy.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>
#include <vector>

#include <arpa/inet.h>

#include "system/ascii.hpp"

namespace wheelfit::system {
namespace {

// Lower case rules, as in Python: set but empty, it also silences the upper case one.
Fact<std::string> either_case(const EnvironmentVariables& variables, const std::string& name) {
  for (const std::string& spelt : {name, ascii_upper(name)}) {
    if (auto value = variables.get(spelt)) return value->empty() ? Fact<std::string>() : Fact(*value, spelt);
  }
  return {};
}

// The 4 or 16 bytes of an address; empty for anything else.
std::vector<std::uint8_t> address_bytes(const std::string& text) {
  for (const auto& [family, length] : {std::pair{AF_INET, 4U}, std::pair{AF_INET6, 16U}}) {
    std::vector<std::uint8_t> bytes(length);
    if (inet_pton(family, text.c_str(), bytes.data()) == 1) return bytes;
  }
  return {};
}

bool in_network(const std::string& host, std::string_view network) {
  const std::size_t slash = network.find('/');
  if (slash == std::string_view::npos) return false;
  const auto address = address_bytes(host);
  const auto base = address_bytes(std::string(network.substr(0, slash)));
  const std::string_view length = network.substr(slash + 1);
  std::size_t bits = 0;
  const auto read = std::from_chars(length.data(), length.data() + length.size(), bits);
  if (read.ec != std::errc() || read.ptr != length.data() + length.size()) return false;
  if (address.empty() || address.size() != base.size() || bits > 8 * base.size()) return false;
  const std::size_t whole = bits / 8;
  if (!std::equal(base.begin(), base.begin() + static_cast<std::ptrdiff_t>(whole), address.begin()))
    return false;
  return bits % 8 == 0 || (address[whole] ^ base[whole]) >> (8 - bits % 8) == 0;
}

bool excludes(std::string_view entry, const Url& url) {
  if (entry == "*") return true;
  if (in_network(url.host, entry)) return true;
  const std::size_t colon = entry.rfind(':');
  const bool bracketed = entry.starts_with('[');
  if (colon != std::string_view::npos && (bracketed ? entry[colon - 1] == ']' : entry.find(':') == colon)) {
    if (entry.substr(colon + 1) != std::to_string(url.port)) return false;
    entry = entry.substr(0, colon);
  }
  if (bracketed && entry.ends_with(']')) entry = entry.substr(1, entry.size() - 2);
  if (entry.starts_with("*.")) entry.remove_prefix(1);
  if (entry.starts_with('.')) entry.remove_prefix(1);
  const std::string name = ascii_lower(entry);
  if (name.empty()) return false;
  return url.host == name || url.host.ends_with("." + name);
}

Fact<std::string> with_scheme(Fact<std::string> proxy) {
  if (!proxy || proxy->empty()) return {};
  std::string& address = *proxy.value;
  if (address.find("://") == std::string::npos) address.insert(0, "http://");
  for (const std::string_view local : {"socks5://", "socks://"}) {
    if (ascii_lower(address).starts_with(local)) address.replace(0, local.size(), "socks5h://");
  }
  return proxy;
}

}  // namespace

bool is_excluded(const Url& url, std::string_view list) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find_first_of(", \t"), list.size());
    if (end != 0 && excludes(list.substr(0, end), url)) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

Fact<std::string> proxy_for(const Url& url, const Fact<std::string>& explicit_proxy,
                            const std::optional<std::string>& no_proxy,
                            const EnvironmentVariables& variables) {
  if (url.scheme == "file") return {};
  Fact<std::string> none;
  if (explicit_proxy) {
    if (!no_proxy || !is_excluded(url, *no_proxy)) return with_scheme(explicit_proxy);
    none.source = "no_proxy";
    return none;
  }
  const auto exclusions =
      no_proxy ? Fact<std::string>(*no_proxy, "no_proxy") : either_case(variables, "no_proxy");
  if (exclusions && is_excluded(url, *exclusions)) {
    none.source = exclusions.source;
    return none;
  }
  auto proxy = either_case(variables, url.scheme + "_proxy");
  if (!proxy) proxy = either_case(variables, "all_proxy");
  return with_scheme(std::move(proxy));
}

std::map<std::string, std::string> proxy_variables(const Fact<std::string>& explicit_proxy,
                                                   const EnvironmentVariables& variables) {
  std::map<std::string, std::string> told;
  for (const std::string name : {"http_proxy", "https_proxy", "all_proxy", "no_proxy"}) {
    const bool set = variables.get(name) || variables.get(ascii_upper(name));
    const bool is_list = name == "no_proxy";
    if (!set && (is_list || !explicit_proxy)) continue;
    Fact<std::string> value = either_case(variables, name);
    if (!is_list) value = with_scheme(explicit_proxy ? explicit_proxy : std::move(value));
    told[name] = told[ascii_upper(name)] = value.value.value_or("");
  }
  return told;
}

}  // namespace wheelfit::system
