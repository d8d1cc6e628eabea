// SPDX-License-Identifier: Apache-2.0
// Dependency specifiers (PEP 508): `name[extra]>=1,<2 ; marker`, `name @ url ; marker`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "python/marker.hpp"
#include "python/specifier.hpp"

namespace wheelfit::python {

struct Requirement {
  std::string name;  // as written; compare through normalized_name()
  std::vector<std::string> extras;
  SpecifierSet specifiers;
  std::optional<std::string> url;
  std::optional<Marker> marker;

  static tl::expected<Requirement, ParseError> parse(std::string_view text);
  // No marker, or it holds.
  bool applies(const MarkerEnvironment& environment) const;
  std::string to_string() const;
};

}  // namespace wheelfit::python
