// SPDX-License-Identifier: Apache-2.0
// Environment markers of the dependency-specifiers specification (PEP 508):
//   python_version < "3.12" and platform_system == "Linux" and extra == "test"
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "base/error.hpp"

namespace wheelfit::python {

// "python_version" -> "3.11", "sys_platform" -> "linux", ... ; "extra" -> "" or the extra in question.
using MarkerEnvironment = std::map<std::string, std::string, std::less<>>;

class Marker {
 public:
  static tl::expected<Marker, ParseError> parse(std::string_view text);

  // A variable that the environment lacks counts as "" (as packaging does for `extra`).
  bool evaluate(const MarkerEnvironment& environment) const;
  std::string to_string() const;

  struct Node;  // and/or tree; private to marker.cpp

 private:
  std::shared_ptr<const Node> root_;
};

// The variables for a CPython on Linux: `python_full_version` "3.11.7", `machine` "x86_64".
MarkerEnvironment linux_marker_environment(std::string_view python_full_version, std::string_view machine);

}  // namespace wheelfit::python
