// SPDX-License-Identifier: Apache-2.0
#include "system/terminal.hpp"

#include <gtest/gtest.h>

namespace wheelfit::system {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

TEST(TerminalTest, DecidesOnColour) {
  struct Row {
    bool terminal;
    Variables variables;
    bool color;
  };
  const Row rows[] = {
      {true, {}, true},
      {false, {}, false},
      {true, {{"NO_COLOR", "1"}}, false},
      {true, {{"NO_COLOR", ""}}, true},
      {true, {{"TERM", "dumb"}}, false},
      {true, {{"TERM", "xterm"}}, true},
      {false, {{"CLICOLOR_FORCE", "1"}}, true},
      {false, {{"CLICOLOR_FORCE", "0"}}, false},
      {false, {{"CLICOLOR_FORCE", "1"}, {"NO_COLOR", "1"}}, false},
  };
  for (const Row& row : rows)
    EXPECT_EQ(wants_color(row.terminal, EnvironmentVariables(row.variables)), row.color);
}

TEST(TerminalTest, WidthHasADefault) {
  if (is_terminal(Stream::input))
    GTEST_SKIP() << "standard input is a terminal, which has a width of its own";
  EXPECT_EQ(terminal_width(Stream::input, EnvironmentVariables(Variables{{"COLUMNS", "123"}})), 123U);
  EXPECT_EQ(terminal_width(Stream::input, EnvironmentVariables(Variables{{"COLUMNS", "wide"}})), 80U);
  EXPECT_EQ(terminal_width(Stream::input, EnvironmentVariables()), 80U);
}

}  // namespace
}  // namespace wheelfit::system
