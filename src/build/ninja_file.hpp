// SPDX-License-Identifier: Apache-2.0
// What torch's extension builder writes for ninja: which file is compiled by which command. Read as
// https://ninja-build.org/manual.html says, as far as those files go: variables, rules, build statements,
// '$' escapes and continued lines; no includes and no subninjas. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "base/error.hpp"

namespace wheelfit::build {

struct BuildStatement {
  std::string rule;
  std::vector<std::string> outputs;
  std::vector<std::string> inputs;  // without implicit and order-only ones

  friend bool operator==(const BuildStatement&, const BuildStatement&) = default;
};

class NinjaFile {
 public:
  static tl::expected<NinjaFile, ParseError> parse(std::string_view text);

  const std::vector<BuildStatement>& statements() const noexcept { return statements_; }
  // For a shell: the rule's command with these names in the place of the statement's. "" for an unknown rule.
  std::string command(std::string_view rule, const std::string& input, const std::string& output) const;

 private:
  using Variables = std::map<std::string, std::string, std::less<>>;

  Variables variables_;                                       // expanded
  std::map<std::string, std::string, std::less<>> commands_;  // by rule, as written
  std::vector<BuildStatement> statements_;
};

}  // namespace wheelfit::build
