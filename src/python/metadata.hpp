// SPDX-License-Identifier: Apache-2.0
// Core metadata (METADATA), WHEEL: RFC 822 style headers, UTF-8. Bytes in, values out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "base/error.hpp"

namespace wheelfit::python {

// Header fields in file order; continuation lines are joined with '\n'. The body (description) is dropped.
struct HeaderFields {
  std::vector<std::pair<std::string, std::string>> fields;

  static HeaderFields parse(std::string_view text);
  // First value; field names compare without regard to case.
  std::optional<std::string> get(std::string_view field) const;
  std::vector<std::string> get_all(std::string_view field) const;
};

struct Metadata {
  std::string metadata_version;
  std::string name;
  std::string version;
  std::vector<std::string> requires_dist;  // unparsed dependency specifiers
  std::optional<std::string> requires_python;
  std::vector<std::string> provides_extra;

  // Name and Version must be there.
  static tl::expected<Metadata, ParseError> parse(std::string_view text);
};

struct WheelMetadata {
  std::pair<int, int> wheel_version;  // {1, 0}
  bool root_is_purelib = false;
  std::vector<std::string> tags;
  std::string generator;
  std::string build;

  static tl::expected<WheelMetadata, ParseError> parse(std::string_view text);
};

}  // namespace wheelfit::python
