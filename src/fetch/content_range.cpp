// SPDX-License-Identifier: Apache-2.0
#include "fetch/content_range.hpp"

#include <charconv>

namespace wheelfit::fetch {
namespace {

// Takes a number and the character after it off the front ('\0': the end).
std::optional<std::uint64_t> take_number(std::string_view& text, char then) {
  std::uint64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  if (then == '\0') return text.empty() ? std::optional(value) : std::nullopt;
  if (!text.starts_with(then)) return std::nullopt;
  text.remove_prefix(1);
  return value;
}

}  // namespace

std::optional<ContentRange> parse_content_range(std::string_view value) {
  constexpr std::string_view unit = "bytes ";
  if (!value.starts_with(unit)) return std::nullopt;
  value.remove_prefix(unit.size());
  const auto first = take_number(value, '-');
  const auto last = first ? take_number(value, '/') : std::nullopt;
  if (!last || *last < *first) return std::nullopt;
  ContentRange range{*first, *last, std::nullopt};
  if (value == "*") return range;
  range.total = take_number(value, '\0');
  if (!range.total || *range.total <= *last) return std::nullopt;
  return range;
}

}  // namespace wheelfit::fetch
