// SPDX-License-Identifier: Apache-2.0
// The tree of an environment marker and its grammar; marker.cpp evaluates and prints it.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include <tl/expected.hpp>

#include "python/marker.hpp"
#include "python/token_reader.hpp"

namespace wheelfit::python {

struct MarkerOperand {
  bool is_variable = false;
  std::string text;  // the variable's present-day name, or the literal without its quotes
};

struct MarkerComparison {
  MarkerOperand left;
  std::string operation;  // "<", "===", "in", "not in", ...
  MarkerOperand right;
};

// Operands joined by "and" and "or"; "and" binds closer.
struct MarkerGroup {
  std::vector<Marker::Node> operands;
  std::vector<bool> is_or;  // one fewer than operands: whether "or" stands before operand i + 1
};

struct Marker::Node {
  std::variant<MarkerComparison, MarkerGroup> value;
};

// Reads a marker from where `reader` stands to the end of its text.
tl::expected<Marker::Node, ParseError> parse_marker(TokenReader& reader);

}  // namespace wheelfit::python
