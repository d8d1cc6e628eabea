// SPDX-License-Identifier: Apache-2.0
#include "system/child_output.hpp"

#include <gtest/gtest.h>

namespace wheelfit::system {
namespace {

TEST(ChildOutputTest, KeepsTheEnd) {
  ChildOutput output({}, 4);
  for (const char* piece : {"abc", "def", "ghi", "jkl"}) output.add(piece);
  EXPECT_EQ(output.finish(), "ijkl");
}

TEST(ChildOutputTest, ForgetsALineWithoutEnd) {
  std::string lines;
  ChildOutput output([&](std::string_view line) { lines += std::string(line) + ";"; }, 4);
  output.add("123456");
  output.add("\nnext\n");
  output.finish();
  EXPECT_EQ(lines, ";next;");
}

}  // namespace
}  // namespace wheelfit::system
