// SPDX-License-Identifier: Apache-2.0
#include "python/entry_points.hpp"

#include <fmt/core.h>

#include "python/ascii.hpp"

namespace wheelfit::python {
namespace {

// "module:attribute [extras]"; extras have had no meaning since pip left pkg_resources.
bool parse_object(std::string_view value, EntryPoint& entry) {
  value = stripped(value.substr(0, value.find('[')));
  const std::size_t colon = value.find(':');
  entry.module = stripped(value.substr(0, colon));
  if (colon != std::string_view::npos) {
    entry.attribute = stripped(value.substr(colon + 1));
    if (entry.attribute.empty()) return false;
  }
  return !entry.module.empty();
}

}  // namespace

tl::expected<std::vector<EntryPoint>, ParseError> parse_entry_points(std::string_view text) {
  std::vector<EntryPoint> entries;
  std::string group;
  std::size_t number = 0;
  const auto wrong = [&](std::string_view why) {
    return tl::unexpected(ParseError{fmt::format("line {} of entry_points.txt {}", number, why)});
  };
  for (const std::string_view raw : split(text, '\n')) {
    ++number;
    const std::string_view line = stripped(raw);
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[') {
      if (line.back() != ']' || line.size() < 3) return wrong("is not a [group]");
      group = stripped(line.substr(1, line.size() - 2));
      continue;
    }
    const std::size_t equals = line.find('=');
    if (group.empty()) return wrong("stands before any [group]");
    if (equals == std::string_view::npos) return wrong("is not name = module:attribute");
    EntryPoint entry;
    entry.group = group;
    entry.name = stripped(line.substr(0, equals));
    if (entry.name.empty() || !parse_object(line.substr(equals + 1), entry)) {
      return wrong("is not name = module:attribute");
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace wheelfit::python
