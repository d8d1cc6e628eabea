// SPDX-License-Identifier: Apache-2.0
// Addresses as Python's urllib takes them apart and puts them together: pip's key is made of its results, and
// they are not those of RFC 3986 in all corners. As CPython 3.9 and later do; what is said of older ones is
// said where it matters. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wheelfit::pipcache {

struct UrlParts {
  std::string scheme;  // lower case
  std::string netloc;  // "user:password@host:80"
  std::string path;
  std::string params;  // behind the last ';' of the path; only url_parse() separates them
  std::string query;
  std::string fragment;
};

// urllib.parse.urlsplit. nullopt: Python raises (one bracket of an IPv6 address without the other).
std::optional<UrlParts> url_split(std::string_view url, std::string_view default_scheme = {});
// urllib.parse.urlparse.
std::optional<UrlParts> url_parse(std::string_view url, std::string_view default_scheme = {});
// urllib.parse.urlunsplit, and urlunparse where there are params. As Python 3.13 does; earlier ones wrote
// other addresses for a path that begins with "//" and has no host.
std::string url_unsplit(const UrlParts& parts);
// urllib.parse.urljoin.
std::optional<std::string> url_join(std::string_view base, std::string_view url);

// urllib.parse.unquote: %xx as UTF-8, what is none as U+FFFD.
std::string unquoted(std::string_view text);
// urllib.parse.quote: all but letters, digits, "_.-~" and `safe`.
std::string quoted(std::string_view text, std::string_view safe = "/");

}  // namespace wheelfit::pipcache
