// SPDX-License-Identifier: Apache-2.0
#include "conda/relocate.hpp"

#include <gtest/gtest.h>

namespace wheelfit::conda {
namespace {

const std::string placeholder = "/build/_h_env_placehold_placehold";
using namespace std::string_literals;

TEST(Relocate, TextIsReplacedEverywhere) {
  EXPECT_EQ(relocate("a=" + placeholder + "/lib:" + placeholder, placeholder, "/e", FileMode::text),
            "a=/e/lib:/e");
  const std::string longer(400, 'x');
  EXPECT_EQ(relocate("p=" + placeholder, placeholder, longer, FileMode::text), "p=" + longer);
}

TEST(Relocate, NothingIsDoneWithoutAPlaceholder) {
  EXPECT_EQ(relocate("as it is", "", "/e", FileMode::text), "as it is");
  EXPECT_EQ(relocate("as it is", placeholder, "/e", FileMode::binary), "as it is");
}

// Such a placeholder once ended in a search that never went on.
TEST(Relocate, NoStringHoldsAPlaceholderWithANul) {
  for (const FileMode mode : {FileMode::text, FileMode::binary}) {
    EXPECT_EQ(relocate("\0\1\\"s, "\0"s, "", mode), "\0\1\\"s);
    EXPECT_EQ(relocate("a\0b\0"s, "a\0"s, "", mode), "a\0b\0"s);
  }
}

TEST(Relocate, AnInterpreterLineThatIsTooLongGoesThroughEnv) {
  const std::string prefix = "/" + std::string(130, 'p');
  EXPECT_EQ(relocate("#!" + placeholder + "/bin/python3.12 -E\nx", placeholder, prefix, FileMode::text),
            "#!/usr/bin/env python3.12 -E\nx");
  EXPECT_EQ(relocate("#!" + placeholder + "/bin/python\n", placeholder, "/e", FileMode::text),
            "#!/e/bin/python\n");
}

TEST(Relocate, ABinaryKeepsItsLength) {
  const std::string before = "\1\2"s + placeholder + "/lib\0behind\0"s;
  const auto after = relocate(before, placeholder, "/env", FileMode::binary);
  ASSERT_TRUE(after);
  EXPECT_EQ(after->size(), before.size());
  EXPECT_EQ(*after, "\1\2/env/lib"s + std::string(placeholder.size() - 4, '\0') + "\0behind\0"s);
}

TEST(Relocate, SeveralInOneStringMoveTogether) {
  const std::string before = placeholder + "/a:" + placeholder + "/b\0z"s;
  const auto after = relocate(before, placeholder, "/e", FileMode::binary);
  ASSERT_TRUE(after);
  EXPECT_EQ(*after, "/e/a:/e/b"s + std::string(2 * (placeholder.size() - 2), '\0') + "\0z"s);
}

TEST(Relocate, APrefixOfTheSameLengthFitsAndALongerOneDoesNot) {
  const std::string same(placeholder.size(), 's');
  EXPECT_EQ(relocate(placeholder + "\0"s, placeholder, same, FileMode::binary), same + "\0"s);
  EXPECT_FALSE(relocate(placeholder + "\0"s, placeholder, same + "s", FileMode::binary));
}

TEST(Relocate, WithoutANulNothingMoves) {
  EXPECT_EQ(relocate(placeholder, placeholder, "/e", FileMode::binary), placeholder);
}

}  // namespace
}  // namespace wheelfit::conda
