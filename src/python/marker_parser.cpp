// SPDX-License-Identifier: Apache-2.0
#include "python/marker_parser.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "python/package_name.hpp"

namespace wheelfit::python {
namespace {

using Node = Marker::Node;

// Deeper than anybody writes, and shallow enough for any stack.
constexpr int greatest_depth = 100;

struct VariableName {
  std::string_view written;
  std::string_view name;
};

// Setuptools wrote the dotted names before PEP 508 did away with them.
constexpr std::array<VariableName, 18> variables{{
    {"python_version", "python_version"},
    {"python_full_version", "python_full_version"},
    {"os_name", "os_name"},
    {"os.name", "os_name"},
    {"sys_platform", "sys_platform"},
    {"sys.platform", "sys_platform"},
    {"platform_release", "platform_release"},
    {"platform_system", "platform_system"},
    {"platform_version", "platform_version"},
    {"platform.version", "platform_version"},
    {"platform_machine", "platform_machine"},
    {"platform.machine", "platform_machine"},
    {"platform_python_implementation", "platform_python_implementation"},
    {"platform.python_implementation", "platform_python_implementation"},
    {"python_implementation", "platform_python_implementation"},
    {"implementation_name", "implementation_name"},
    {"implementation_version", "implementation_version"},
    {"extra", "extra"},
}};

// Where one operator is the beginning of another, the longer one stands first.
constexpr std::array<std::string_view, 8> comparisons{"===", "==", "~=", "!=", "<=", ">=", "<", ">"};

class MarkerParser {
 public:
  explicit MarkerParser(TokenReader& reader) : reader_(reader) {}

  tl::expected<Node, ParseError> expression(int depth) {
    MarkerGroup group;
    for (;;) {
      auto operand = atom(depth);
      if (!operand) return operand;
      group.operands.push_back(std::move(*operand));
      reader_.skip_blanks();
      if (reader_.accept_word("or")) {
        group.is_or.push_back(true);
      } else if (reader_.accept_word("and")) {
        group.is_or.push_back(false);
      } else {
        break;
      }
    }
    if (group.operands.size() == 1) {
      Node only = std::move(group.operands.front());
      return only;
    }
    return Node{std::move(group)};
  }

 private:
  tl::expected<Node, ParseError> atom(int depth) {
    reader_.skip_blanks();
    if (!reader_.accept("(")) return comparison();
    if (depth == greatest_depth) return reader_.expected("fewer nested parentheses");
    auto inner = expression(depth + 1);
    if (!inner) return inner;
    reader_.skip_blanks();
    if (!reader_.accept(")")) return reader_.expected("')', 'and' or 'or'");
    return inner;
  }

  tl::expected<Node, ParseError> comparison() {
    auto left = operand();
    if (!left) return tl::unexpected(std::move(left.error()));
    auto operation = operation_word();
    if (!operation) return tl::unexpected(std::move(operation.error()));
    auto right = operand();
    if (!right) return tl::unexpected(std::move(right.error()));
    normalize_extra(*left, *right);
    return Node{MarkerComparison{std::move(*left), std::move(*operation), std::move(*right)}};
  }

  tl::expected<MarkerOperand, ParseError> operand() {
    reader_.skip_blanks();
    for (const char quote : {'"', '\''}) {
      if (!reader_.accept(std::string_view(&quote, 1))) continue;
      const std::string_view literal = reader_.take_while([&](char c) { return c != quote; });
      if (reader_.at_end()) return reader_.expected("the quote's end");
      reader_.advance(1);
      return MarkerOperand{false, std::string(literal)};
    }
    for (const VariableName& variable : variables) {
      if (reader_.accept_word(variable.written)) return MarkerOperand{true, std::string(variable.name)};
    }
    return reader_.expected("a marker variable or a quoted string");
  }

  tl::expected<std::string, ParseError> operation_word() {
    reader_.skip_blanks();
    if (reader_.accept_word("in")) return "in";
    if (reader_.accept_word("not")) {
      const bool separated = !reader_.take_while(is_blank).empty();
      if (!separated || !reader_.accept_word("in")) return reader_.expected("'in' after 'not'");
      return "not in";
    }
    for (const std::string_view comparison : comparisons) {
      if (reader_.accept(comparison)) return std::string(comparison);
    }
    return reader_.expected("a comparison");
  }

  // PEP 685: names of extras compare normalised.
  static void normalize_extra(MarkerOperand& left, MarkerOperand& right) {
    if (left.is_variable && left.text == "extra" && !right.is_variable)
      right.text = normalized_name(right.text);
    if (right.is_variable && right.text == "extra" && !left.is_variable)
      left.text = normalized_name(left.text);
  }

  TokenReader& reader_;
};

}  // namespace

tl::expected<Node, ParseError> parse_marker(TokenReader& reader) {
  auto node = MarkerParser(reader).expression(0);
  if (!node) return node;
  reader.skip_blanks();
  if (!reader.at_end()) return reader.expected("'and', 'or' or the end");
  return node;
}

}  // namespace wheelfit::python
