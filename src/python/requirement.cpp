// SPDX-License-Identifier: Apache-2.0
#include "python/requirement.hpp"

#include <algorithm>
#include <utility>

#include "python/ascii.hpp"
#include "python/package_name.hpp"
#include "python/token_reader.hpp"

namespace wheelfit::python {
namespace {

constexpr bool is_name_character(char c) noexcept {
  return is_alphanumeric(c) || c == '-' || c == '_' || c == '.';
}

class RequirementParser {
 public:
  explicit RequirementParser(std::string_view text) : reader_(text) {}

  tl::expected<Requirement, ParseError> requirement() {
    Requirement result;
    auto read = name()
                    .and_then([&](std::string name) { return result.name = std::move(name), extras(result); })
                    .and_then([&] { return version_or_url(result); })
                    .and_then([&] { return marker(result); });
    if (!read) return tl::unexpected(std::move(read.error()));
    return result;
  }

 private:
  using Outcome = tl::expected<void, ParseError>;

  tl::expected<std::string, ParseError> name() {
    reader_.skip_blanks();
    const TokenReader start = reader_;
    const std::string_view name = reader_.take_while(is_name_character);
    if (!is_valid_name(name)) return start.expected("a name");
    reader_.skip_blanks();
    return std::string(name);
  }

  Outcome extras(Requirement& result) {
    if (!reader_.accept("[")) return {};
    reader_.skip_blanks();
    while (!reader_.accept("]")) {
      auto extra = name();
      if (!extra) return tl::unexpected(std::move(extra.error()));
      result.extras.push_back(std::move(*extra));
      if (reader_.accept(",")) {
        if (reader_.skip_blanks(); reader_.rest().starts_with(']'))
          return reader_.expected("an extra after ','");
      } else if (!reader_.rest().starts_with(']')) {
        return reader_.expected("',' or ']'");
      }
    }
    reader_.skip_blanks();
    return {};
  }

  Outcome version_or_url(Requirement& result) {
    if (!reader_.accept("@")) return version(result);
    reader_.skip_blanks();
    const std::string_view url = reader_.take_while([](char c) { return !is_blank(c); });
    if (url.empty()) return reader_.expected("an address after '@'");
    result.url = url;
    return {};
  }

  Outcome version(Requirement& result) {
    const bool parenthesized = reader_.accept("(");
    const TokenReader start = reader_;
    // No specifier, not even "===", contains any of these.
    const std::string_view text = reader_.take_while([](char c) { return c != ';' && c != ')'; });
    if (parenthesized && !reader_.accept(")")) return reader_.expected("')'");
    // A set alone forgives empty pieces, a requirement only one after its last comma.
    const auto pieces = split(text, ',');
    const auto last = std::prev(pieces.end());
    const bool gap =
        std::any_of(pieces.begin(), last, [](std::string_view piece) { return stripped(piece).empty(); });
    if (gap) return start.expected("a version specifier");
    auto set = SpecifierSet::parse(text);
    if (!set) return tl::unexpected(std::move(set.error()));
    result.specifiers = std::move(*set);
    return {};
  }

  Outcome marker(Requirement& result) {
    reader_.skip_blanks();
    if (reader_.at_end()) return {};
    if (!reader_.accept(";")) return reader_.expected("';' or the end");
    auto marker = Marker::parse(reader_.rest());
    if (!marker) return tl::unexpected(std::move(marker.error()));
    result.marker = std::move(*marker);
    return {};
  }

  TokenReader reader_;
};

}  // namespace

tl::expected<Requirement, ParseError> Requirement::parse(std::string_view text) {
  return RequirementParser(text).requirement();
}

bool Requirement::applies(const MarkerEnvironment& environment) const {
  return !marker || marker->evaluate(environment);
}

std::string Requirement::to_string() const {
  std::string text = name;
  if (!extras.empty()) {
    std::vector<std::string> sorted = extras;
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    text += "[" + joined(sorted, ",") + "]";
  }
  text += specifiers.to_string();
  if (url) text += " @ " + *url + (marker ? " " : "");
  if (marker) text += "; " + marker->to_string();
  return text;
}

}  // namespace wheelfit::python
