// SPDX-License-Identifier: Apache-2.0
#include "system/content_range.hpp"

#include <charconv>

namespace wheelfit::system {
namespace {

// A number that fills all of `digits`.
std::optional<std::uint64_t> number(std::string_view digits) {
  std::uint64_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return value;
}

}  // namespace

std::optional<ContentRange> parse_content_range(std::string_view value) {
  constexpr std::string_view unit = "bytes ";
  const std::size_t dash = value.find('-');
  const std::size_t slash = value.find('/');
  if (!value.starts_with(unit) || slash == std::string_view::npos || dash > slash) return std::nullopt;
  const auto first = number(value.substr(unit.size(), dash - unit.size()));
  const auto last = number(value.substr(dash + 1, slash - dash - 1));
  if (!first || !last || *last < *first) return std::nullopt;
  const std::string_view whole = value.substr(slash + 1);
  if (whole == "*") return ContentRange{*first, *last, std::nullopt};
  const auto total = number(whole);
  if (!total || *total <= *last) return std::nullopt;
  return ContentRange{*first, *last, total};
}

}  // namespace wheelfit::system
