// SPDX-License-Identifier: Apache-2.0
#include "probe/credentials.hpp"

#include <algorithm>

namespace wheelfit::probe {

std::string without_credentials(std::string_view address) {
  const std::size_t scheme = address.find("://");
  const std::size_t begin = scheme == std::string_view::npos ? 0 : scheme + 3;
  // A path such as /opt/a@b/wheels names no user.
  if (scheme == std::string_view::npos && (address.starts_with('/') || address.starts_with('.'))) {
    return std::string(address);
  }
  const std::size_t path = std::min(address.find_first_of("/?#", begin), address.size());
  // A password may hold an unescaped '@' or '/': what stands before the last '@' of the authority goes; where the
  // first '/' comes before any '@', and the text before it looks like user:password, so does that.
  std::size_t at = address.substr(0, path).rfind('@');
  if ((at == std::string_view::npos || at < begin) && scheme != std::string_view::npos) {
    const std::size_t later = address.find('@', begin);
    const std::size_t colon = address.find(':', begin);
    const bool password_with_slash = later != std::string_view::npos && colon < path &&
                                     (colon + 1 >= path || address[colon + 1] < '0' || address[colon + 1] > '9');
    at = password_with_slash ? later : std::string_view::npos;
  }
  std::string clean(address.substr(0, begin));
  const bool has_user = at != std::string_view::npos && at >= begin;
  std::string_view rest = address.substr(has_user ? at + 1 : begin);
  const std::size_t query = rest.find('?');
  if (query == std::string_view::npos) return clean.append(rest);
  return clean.append(rest.substr(0, query)).append("?...");
}

}  // namespace wheelfit::probe
