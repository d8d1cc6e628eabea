// SPDX-License-Identifier: Apache-2.0
#include "catalog/brace_expansion.hpp"

namespace wheelfit::catalog {
namespace {

std::vector<std::string_view> alternatives(std::string_view inside) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t comma = inside.find(',');
    parts.push_back(inside.substr(0, comma));
    if (comma == std::string_view::npos) return parts;
    inside.remove_prefix(comma + 1);
  }
}

}  // namespace

tl::expected<std::vector<std::string>, ParseError> expand_braces(std::string_view pattern, std::size_t most) {
  std::vector<std::string> results{""};
  while (!pattern.empty()) {
    const std::size_t open = pattern.find_first_of("{}");
    const std::string_view literal = pattern.substr(0, open);
    for (std::string& result : results) result.append(literal);
    if (open == std::string_view::npos) break;
    const std::size_t close = pattern.find_first_of("{}", open + 1);
    if (pattern[open] == '}' || close == std::string_view::npos || pattern[close] == '{') {
      return tl::unexpected(ParseError{"unbalanced braces in \"" + std::string(pattern) + "\""});
    }
    const auto parts = alternatives(pattern.substr(open + 1, close - open - 1));
    if (results.size() * parts.size() > most) {
      return tl::unexpected(ParseError{"more than " + std::to_string(most) + " alternatives"});
    }
    std::vector<std::string> longer;
    longer.reserve(results.size() * parts.size());
    for (const std::string& result : results) {
      for (const std::string_view part : parts) longer.push_back(result + std::string(part));
    }
    results = std::move(longer);
    pattern.remove_prefix(close + 1);
  }
  return results;
}

}  // namespace wheelfit::catalog
