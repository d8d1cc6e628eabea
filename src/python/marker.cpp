// SPDX-License-Identifier: Apache-2.0
#include "python/marker.hpp"

#include <algorithm>
#include <array>

#include "python/ascii.hpp"
#include "python/marker_parser.hpp"
#include "python/package_name.hpp"
#include "python/specifier.hpp"

namespace wheelfit::python {
namespace {

// The variables whose values are versions; all others are compared as text.
constexpr std::array<std::string_view, 4> version_variables{"python_version", "python_full_version",
                                                            "implementation_version", "platform_release"};

std::string value_of(const MarkerOperand& operand, const MarkerEnvironment& environment) {
  if (!operand.is_variable) return operand.text;
  const auto found = environment.find(operand.text);
  if (found == environment.end()) return "";
  if (operand.text == "extra") return normalized_name(found->second);
  // CPython built from an untagged checkout says "3.14.0a1+", which is no version.
  if (operand.text == "python_full_version" && found->second.ends_with('+')) return found->second + "local";
  return found->second;
}

// Text has no order: of two different texts, neither "<" nor ">" holds.
bool compare_texts(std::string_view left, std::string_view operation, std::string_view right) {
  if (operation == "in") return right.find(left) != std::string_view::npos;
  if (operation == "not in") return right.find(left) == std::string_view::npos;
  if (operation == "!=") return left != right;
  return (operation == "==" || operation == "<=" || operation == ">=") && left == right;
}

bool compare_versions(std::string_view left, const Specifier& specifier) {
  // "===" compares what was written, not what it means.
  if (specifier.comparison == Comparison::arbitrary) return equal_ignoring_case(left, specifier.version);
  const auto version = Version::parse(left);
  return version && specifier.admits(*version);
}

bool evaluate_node(const Marker::Node& node, const MarkerEnvironment& environment);

bool evaluate_comparison(const MarkerComparison& comparison, const MarkerEnvironment& environment) {
  const std::string left = value_of(comparison.left, environment);
  const std::string right = value_of(comparison.right, environment);
  const std::string& variable = comparison.left.is_variable ? comparison.left.text : comparison.right.text;
  const bool of_versions =
      std::find(version_variables.begin(), version_variables.end(), variable) != version_variables.end();
  if (of_versions && comparison.operation != "in" && comparison.operation != "not in") {
    if (const auto specifier = Specifier::parse(comparison.operation + right))
      return compare_versions(left, *specifier);
  }
  return compare_texts(left, comparison.operation, right);
}

bool evaluate_group(const MarkerGroup& group, const MarkerEnvironment& environment) {
  bool all = evaluate_node(group.operands.front(), environment);
  for (std::size_t i = 0; i < group.is_or.size(); ++i) {
    if (group.is_or[i]) {
      if (all) return true;
      all = true;
    }
    all = all && evaluate_node(group.operands[i + 1], environment);
  }
  return all;
}

bool evaluate_node(const Marker::Node& node, const MarkerEnvironment& environment) {
  const auto* comparison = std::get_if<MarkerComparison>(&node.value);
  return comparison != nullptr ? evaluate_comparison(*comparison, environment)
                               : evaluate_group(std::get<MarkerGroup>(node.value), environment);
}

std::string printed(const MarkerOperand& operand) {
  if (operand.is_variable) return operand.text;
  const char quote = operand.text.find('"') == std::string::npos ? '"' : '\'';
  return quote + operand.text + quote;
}

enum class Position { top, nested };

std::string printed(const Marker::Node& node, Position position) {
  if (const auto* comparison = std::get_if<MarkerComparison>(&node.value)) {
    return printed(comparison->left) + " " + comparison->operation + " " + printed(comparison->right);
  }
  const auto& group = std::get<MarkerGroup>(node.value);
  std::string text = printed(group.operands.front(), Position::nested);
  for (std::size_t i = 0; i < group.is_or.size(); ++i) {
    text += (group.is_or[i] ? " or " : " and ") + printed(group.operands[i + 1], Position::nested);
  }
  return position == Position::top ? text : "(" + text + ")";
}

}  // namespace

tl::expected<Marker, ParseError> Marker::parse(std::string_view text) {
  TokenReader reader(text);
  auto node = parse_marker(reader);
  if (!node) return tl::unexpected(std::move(node.error()));
  Marker marker;
  marker.root_ = std::make_shared<const Node>(std::move(*node));
  return marker;
}

bool Marker::evaluate(const MarkerEnvironment& environment) const {
  return root_ == nullptr || evaluate_node(*root_, environment);
}

std::string Marker::to_string() const { return root_ == nullptr ? "" : printed(*root_, Position::top); }

MarkerEnvironment linux_marker_environment(std::string_view python_full_version, std::string_view machine) {
  const std::string full(python_full_version);
  const std::size_t second_dot = full.find('.', full.find('.') + 1);
  return {{"implementation_name", "cpython"},
          {"implementation_version", full},
          {"os_name", "posix"},
          {"platform_machine", std::string(machine)},
          {"platform_release", ""},
          {"platform_system", "Linux"},
          {"platform_version", ""},
          {"python_full_version", full},
          {"platform_python_implementation", "CPython"},
          {"python_version", full.substr(0, second_dot)},
          {"sys_platform", "linux"},
          {"extra", ""}};
}

}  // namespace wheelfit::python
