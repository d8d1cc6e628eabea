// SPDX-License-Identifier: Apache-2.0
#include "python/metadata.hpp"

#include <algorithm>

#include "python/ascii.hpp"

namespace wheelfit::python {
namespace {

// Takes the first line off `rest`, without its end; any of \n, \r\n and \r ends one.
std::string_view take_line(std::string_view& rest) {
  const std::size_t end = std::min(rest.find_first_of("\r\n"), rest.size());
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end);
  if (rest.starts_with("\r\n")) rest.remove_prefix(1);
  if (!rest.empty()) rest.remove_prefix(1);
  return line;
}

std::string_view without_byte_order_mark(std::string_view text) {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  return text.starts_with(mark) ? text.substr(mark.size()) : text;
}

// "1.0" -> {1, 0}
std::optional<std::pair<int, int>> parse_wheel_version(std::string_view text) {
  const auto parts = split(stripped(text), '.');
  if (parts.size() != 2) return std::nullopt;
  const auto major = parse_number(parts[0]);
  const auto minor = parse_number(parts[1]);
  if (!major || !minor || *major > 9999 || *minor > 9999) return std::nullopt;
  return std::pair{static_cast<int>(*major), static_cast<int>(*minor)};
}

}  // namespace

HeaderFields HeaderFields::parse(std::string_view text) {
  HeaderFields result;
  std::string_view rest = without_byte_order_mark(text);
  while (!rest.empty()) {
    const std::string_view line = take_line(rest);
    if (line.empty()) break;
    if (line.front() == ' ' || line.front() == '\t') {
      if (!result.fields.empty()) result.fields.back().second += "\n" + std::string(stripped(line));
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) continue;
    result.fields.emplace_back(stripped(line.substr(0, colon)), stripped(line.substr(colon + 1)));
  }
  return result;
}

std::optional<std::string> HeaderFields::get(std::string_view field) const {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const auto& pair) { return equal_ignoring_case(pair.first, field); });
  if (found == fields.end()) return std::nullopt;
  return found->second;
}

std::vector<std::string> HeaderFields::get_all(std::string_view field) const {
  std::vector<std::string> values;
  for (const auto& [name, value] : fields) {
    if (equal_ignoring_case(name, field)) values.push_back(value);
  }
  return values;
}

tl::expected<Metadata, ParseError> Metadata::parse(std::string_view text) {
  const HeaderFields headers = HeaderFields::parse(text);
  Metadata metadata;
  metadata.metadata_version = headers.get("Metadata-Version").value_or("");
  metadata.name = headers.get("Name").value_or("");
  metadata.version = headers.get("Version").value_or("");
  if (metadata.name.empty()) return tl::unexpected(ParseError{"METADATA has no Name"});
  if (metadata.version.empty()) return tl::unexpected(ParseError{"METADATA has no Version"});
  metadata.requires_dist = headers.get_all("Requires-Dist");
  metadata.requires_python = headers.get("Requires-Python");
  metadata.provides_extra = headers.get_all("Provides-Extra");
  return metadata;
}

tl::expected<WheelMetadata, ParseError> WheelMetadata::parse(std::string_view text) {
  const HeaderFields headers = HeaderFields::parse(text);
  const auto version_text = headers.get("Wheel-Version");
  if (!version_text) return tl::unexpected(ParseError{"WHEEL has no Wheel-Version"});
  const auto version = parse_wheel_version(*version_text);
  if (!version)
    return tl::unexpected(ParseError{"WHEEL has an odd Wheel-Version: \"" + *version_text + "\""});
  WheelMetadata wheel;
  wheel.wheel_version = *version;
  wheel.root_is_purelib = equal_ignoring_case(headers.get("Root-Is-Purelib").value_or(""), "true");
  wheel.tags = headers.get_all("Tag");
  wheel.generator = headers.get("Generator").value_or("");
  wheel.build = headers.get("Build").value_or("");
  return wheel;
}

}  // namespace wheelfit::python
