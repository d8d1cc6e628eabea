// SPDX-License-Identifier: Apache-2.0
// The parts of an address (RFC 3986) that decide where a request goes. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wheelfit::system {

struct Url {
  std::string scheme;    // lower case
  std::string userinfo;  // "user:password", still percent-encoded; "" where there is none
  std::string host;      // lower case, without the brackets of IPv6
  int port = 0;          // the scheme's own where none is written; 0: the scheme has none
  std::string path;      // with query and fragment

  friend bool operator==(const Url&, const Url&) = default;
};

// nullopt: not "scheme://…".
std::optional<Url> parse_url(std::string_view address);

// The address without credentials: no userinfo, and no values of query parameters that name a secret, no
// token of a conda channel ("/t/TOKEN/…"). For all that the user, a log or a receipt gets to see. Where a
// password may not have been escaped, more goes rather than less. A path of a file ("/…", "./…", "~/…") stays
// as it is.
std::string redacted(std::string_view address);

// Same scheme, host and port: credentials given for one may go to the other.
bool same_origin(std::string_view one, std::string_view other);

}  // namespace wheelfit::system
