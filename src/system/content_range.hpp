// SPDX-License-Identifier: Apache-2.0
// The Content-Range header of an answer to a range request.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace wheelfit::system {

struct ContentRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::optional<std::uint64_t> total;  // nullopt: "*"

  friend bool operator==(const ContentRange&, const ContentRange&) = default;
};

// "bytes 5-9/10" (RFC 9110, 14.4). nullopt: not that, or a range that lies outside of its total.
std::optional<ContentRange> parse_content_range(std::string_view value);

}  // namespace wheelfit::system
