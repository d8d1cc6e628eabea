// SPDX-License-Identifier: Apache-2.0
#include "system/proxy.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include <arpa/inet.h>

#include "system/ascii.hpp"

namespace wheelfit::system {
namespace {

std::optional<std::string> either_case(const EnvironmentVariables& variables, const std::string& name) {
  if (auto value = variables.get_nonempty(name)) return value;
  return variables.get_nonempty(ascii_upper(name));
}

std::optional<std::uint32_t> ipv4(std::string_view text) {
  in_addr address{};
  if (inet_pton(AF_INET, std::string(text).c_str(), &address) != 1) return std::nullopt;
  return ntohl(address.s_addr);
}

bool in_network(std::string_view host, std::string_view network) {
  const std::size_t slash = network.find('/');
  if (slash == std::string_view::npos) return false;
  const auto address = ipv4(host);
  const auto base = ipv4(network.substr(0, slash));
  unsigned bits = 33;
  const std::string_view length = network.substr(slash + 1);
  std::from_chars(length.data(), length.data() + length.size(), bits);
  if (!address || !base || bits > 32) return false;
  const std::uint32_t mask = bits == 0 ? 0 : ~std::uint32_t{0} << (32 - bits);
  return (*address & mask) == (*base & mask);
}

bool excludes(std::string_view entry, const Url& url) {
  if (entry == "*") return true;
  if (in_network(url.host, entry)) return true;
  const std::size_t colon = entry.rfind(':');
  if (colon != std::string_view::npos && entry.find(':') == colon) {
    if (entry.substr(colon + 1) != std::to_string(url.port)) return false;
    entry = entry.substr(0, colon);
  }
  if (entry.starts_with("*.")) entry.remove_prefix(1);
  if (entry.starts_with('.')) entry.remove_prefix(1);
  const std::string name = ascii_lower(entry);
  if (name.empty()) return false;
  return url.host == name || url.host.ends_with("." + name);
}

std::optional<std::string> with_scheme(std::string proxy) {
  if (proxy.empty()) return std::nullopt;
  if (proxy.find("://") == std::string::npos) return "http://" + proxy;
  if (proxy.starts_with("socks5://")) return "socks5h" + proxy.substr(6);
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

std::optional<std::string> proxy_for(const Url& url, const std::optional<std::string>& explicit_proxy,
                                     const std::optional<std::string>& no_proxy,
                                     const EnvironmentVariables& variables) {
  if (url.scheme == "file") return std::nullopt;
  if (explicit_proxy) {
    if (no_proxy && is_excluded(url, *no_proxy)) return std::nullopt;
    return with_scheme(*explicit_proxy);
  }
  const auto exclusions = no_proxy ? no_proxy : either_case(variables, "no_proxy");
  if (exclusions && is_excluded(url, *exclusions)) return std::nullopt;
  auto proxy = either_case(variables, url.scheme + "_proxy");
  if (!proxy) proxy = either_case(variables, "all_proxy");
  return proxy ? with_scheme(*proxy) : std::nullopt;
}

}  // namespace wheelfit::system
