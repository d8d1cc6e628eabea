// SPDX-License-Identifier: Apache-2.0
#include "support/range_server.hpp"

#include <algorithm>

namespace wheelfit::test {

ServerResponse serve_ranges(const ServerRequest& request, const std::string& content,
                            const std::string& etag) {
  ServerResponse response;
  response.headers = {{"ETag", etag}, {"Accept-Ranges", "bytes"}};
  response.body = content;
  const auto range = request.header("range");
  const auto if_range = request.header("if-range");
  if (!range || (if_range && *if_range != etag)) return response;
  const std::string wish = range->substr(std::string("bytes=").size());
  const std::size_t dash = wish.find('-');
  std::size_t first = 0;
  std::size_t last = content.empty() ? 0 : content.size() - 1;
  if (dash == 0) {
    first = content.size() - std::min<std::size_t>(std::stoul(wish.substr(1)), content.size());
  } else {
    first = std::stoul(wish.substr(0, dash));
    if (dash + 1 < wish.size()) last = std::min<std::size_t>(last, std::stoul(wish.substr(dash + 1)));
  }
  if (first >= content.size()) {
    response.status = 416;
    response.body.clear();
    response.headers.emplace_back("Content-Range", "bytes */" + std::to_string(content.size()));
    return response;
  }
  response.status = 206;
  response.body = content.substr(first, last - first + 1);
  response.headers.emplace_back(
      "Content-Range",
      "bytes " + std::to_string(first) + "-" + std::to_string(last) + "/" + std::to_string(content.size()));
  return response;
}

}  // namespace wheelfit::test
