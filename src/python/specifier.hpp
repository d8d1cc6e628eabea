// SPDX-License-Identifier: Apache-2.0
// Version specifiers (PEP 440): ">=2.6,<3", "==2.5.*", "~=2.4", "===1.0-odd".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "python/version.hpp"

namespace wheelfit::python {

enum class Comparison { compatible, equal, not_equal, less_equal, greater_equal, less, greater, arbitrary };

struct Specifier {
  Comparison comparison = Comparison::equal;
  std::string version;    // as written after the operator, ".*" removed
  bool wildcard = false;  // "==2.5.*", "!=2.5.*"

  static tl::expected<Specifier, ParseError> parse(std::string_view text);
  // PEP 440's rules alone: pre-releases are judged like any version. As there, "==2.5.3" admits 2.5.3+local.
  bool admits(const Version& version) const;
  std::string to_string() const;
};

// All of them must hold; an empty set admits everything.
class SpecifierSet {
 public:
  static tl::expected<SpecifierSet, ParseError> parse(std::string_view text);

  // Whether `version` is in the set by the comparison rules alone.
  bool admits(const Version& version) const;
  // As pip chooses by default: a pre-release is only admitted where a specifier of the set names one.
  bool admits_by_default(const Version& version) const;
  bool mentions_prerelease() const;

  bool empty() const noexcept { return specifiers_.empty(); }
  const std::vector<Specifier>& specifiers() const noexcept { return specifiers_; }
  std::string to_string() const;  // "<3,>=2.6": sorted as packaging prints it

 private:
  std::vector<Specifier> specifiers_;
};

}  // namespace wheelfit::python
