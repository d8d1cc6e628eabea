// SPDX-License-Identifier: Apache-2.0
#include "system/url.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "system/ascii.hpp"

namespace wheelfit::system {
namespace {

int default_port(std::string_view scheme) {
  if (scheme == "https") return 443;
  if (scheme == "http") return 80;
  if (scheme.starts_with("socks")) return 1080;
  return 0;
}

// Where the authority ("user@host:port") of "scheme://authority/path" begins and ends.
struct Span {
  std::size_t begin;
  std::size_t end;
};

std::optional<Span> authority_of(std::string_view address) {
  const std::size_t colon = address.find("://");
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  const std::size_t begin = colon + 3;
  return Span{begin, std::min(address.find_first_of("/?#", begin), address.size())};
}

bool names_a_secret(std::string_view parameter) {
  constexpr std::array<std::string_view, 8> words{"token", "sig",        "secret", "password",
                                                  "key",   "credential", "auth",   "session"};
  const std::string name = ascii_lower(parameter);
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

std::string redacted_query(std::string_view query) {
  std::string out;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && names_a_secret(pair.substr(0, equals))) {
      out += std::string(pair.substr(0, equals)) + "=***";
    } else {
      out += pair;
    }
    if (end == query.size()) break;
    out += '&';
    query.remove_prefix(end + 1);
  }
  return out;
}

// "/t/TOKEN/channel", as conda's servers have it: conda's `common/url.py`, mask_anaconda_token().
std::string without_channel_token(std::string address) {
  const std::size_t scheme = address.find("://");
  if (scheme == std::string::npos) return address;
  const std::size_t path = address.find('/', scheme + 3);
  if (path == std::string::npos || address.compare(path, 3, "/t/") != 0) return address;
  const std::size_t end = address.find_first_of("/?#", path + 3);
  if (end != std::string::npos && address[end] == '/') address.replace(path + 3, end - path - 3, "***");
  return address;
}

// In the names of files '@' means nothing.
bool is_file_path(std::string_view address) {
  return address.starts_with('/') || address.starts_with('.') || address.starts_with('~');
}

// Behind the '@' that ends the credentials; where the host begins, if there are none.
// "user:password@host:3128" has no scheme, as proxies are often written. A password may hold a '/', '?' or
// '#' that should have been escaped, and then it reads like the end of "host:port": with a colon there, all
// up to the last '@' is taken for a secret, for too little shown is better than too much.
std::size_t secret_end(std::string_view address, const std::optional<Span>& span) {
  const std::size_t begin = span ? span->begin : 0;
  const std::string_view authority = span ? address.substr(begin, span->end - begin) : address;
  const bool has_colon = !authority.starts_with('[') && authority.find(':') != std::string_view::npos;
  const std::size_t at = (has_colon ? address : address.substr(0, begin + authority.size())).rfind('@');
  return at == std::string_view::npos || at < begin ? begin : at + 1;
}

}  // namespace

std::optional<Url> parse_url(std::string_view address) {
  const std::optional<Span> span = authority_of(address);
  if (!span) return std::nullopt;
  Url url;
  url.scheme = ascii_lower(address.substr(0, span->begin - 3));
  url.path = address.substr(span->end);
  std::string_view authority = address.substr(span->begin, span->end - span->begin);
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    url.userinfo = authority.substr(0, at);
    authority.remove_prefix(at + 1);
  }
  std::string_view port;
  const std::size_t bracket = authority.starts_with('[') ? authority.find(']') : std::string_view::npos;
  if (bracket != std::string_view::npos) {
    url.host = ascii_lower(authority.substr(1, bracket - 1));
    authority.remove_prefix(bracket + 1);
    if (authority.starts_with(':')) port = authority.substr(1);
  } else {
    const std::size_t colon = authority.rfind(':');
    url.host = ascii_lower(authority.substr(0, colon));
    if (colon != std::string_view::npos) port = authority.substr(colon + 1);
  }
  url.port = default_port(url.scheme);
  if (!port.empty()) {
    const auto read = std::from_chars(port.data(), port.data() + port.size(), url.port);
    if (read.ec != std::errc() || read.ptr != port.data() + port.size()) return std::nullopt;
  }
  return url;
}

std::string redacted(std::string_view address) {
  if (is_file_path(address)) return std::string(address);
  const std::optional<Span> span = authority_of(address);
  const std::size_t begin = span ? span->begin : 0;
  const std::string shown = without_channel_token(std::string(address.substr(0, begin)) +
                                                  std::string(address.substr(secret_end(address, span))));

  const std::size_t fragment = std::min(shown.find('#'), shown.size());
  const std::size_t question = std::min(shown.find('?'), fragment);
  if (question == fragment) return shown;
  return shown.substr(0, question + 1) +
         redacted_query(std::string_view(shown).substr(question + 1, fragment - question - 1)) +
         shown.substr(fragment);
}

bool same_origin(std::string_view one, std::string_view other) {
  const std::optional<Url> left = parse_url(one);
  const std::optional<Url> right = parse_url(other);
  return left && right && left->scheme == right->scheme && left->host == right->host &&
         left->port == right->port;
}

}  // namespace wheelfit::system
