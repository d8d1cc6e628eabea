// SPDX-License-Identifier: Apache-2.0
#include "render/display_width.hpp"

#include <gmock/gmock.h>

namespace wheelfit::render {
namespace {

using testing::ElementsAre;

TEST(DisplayWidth, CountsColumnsNotBytes) {
  EXPECT_EQ(display_width("wheel"), 5);
  EXPECT_EQ(display_width("环境"), 4);
  EXPECT_EQ(display_width("GPU 未知"), 8);
  EXPECT_EQ(display_width("2 × H200"), 8);
  EXPECT_EQ(display_width("e\xcc\x81"), 1) << "a combining accent takes no column";
  EXPECT_EQ(display_width(""), 0);
}

TEST(DisplayWidth, CountsEveryBrokenByteAsOne) {
  EXPECT_EQ(display_width("\xff\xfe"), 2);
  EXPECT_EQ(display_width("\xe4\xb8"), 2) << "a cut character";
  EXPECT_EQ(display_width("\xe4xx"), 3);
}

TEST(Padded, FillsToColumnsAndNeverCuts) {
  EXPECT_EQ(padded("轮子", 6), "轮子  ");
  EXPECT_EQ(padded("wheel", 3), "wheel");
}

TEST(Elided, KeepsBothEnds) {
  EXPECT_EQ(elided("flash_attn-2.7.4.whl", 20), "flash_attn-2.7.4.whl");
  const std::string cut = elided("flash_attn-2.7.4.whl", 11);
  EXPECT_EQ(display_width(cut), 11);
  EXPECT_THAT(cut, testing::StartsWith("flash"));
  EXPECT_THAT(cut, testing::EndsWith(".whl"));
  EXPECT_LE(display_width(elided("正在下载环境文件", 7)), 7);
  EXPECT_EQ(elided("wheel", 1), "…");
  EXPECT_EQ(elided("wheel", 0), "");
}

TEST(Wrapped, BreaksAtBlanksAndLeavesLongWordsWhole) {
  EXPECT_THAT(wrapped("one two three", 7, 7), ElementsAre("one two", "three"));
  EXPECT_THAT(wrapped("a flash_attn-2.7.4-cp311.whl b", 8, 8),
              ElementsAre("a", "flash_attn-2.7.4-cp311.whl", "b"));
  EXPECT_THAT(wrapped("", 8, 8), ElementsAre(""));
}

TEST(Wrapped, BreaksBetweenWideCharactersButNotBeforeAClosingMark) {
  EXPECT_THAT(wrapped("没有预编译包", 6, 8), ElementsAre("没有预", "编译包"));
  EXPECT_THAT(wrapped("没有预，编译", 6, 8), ElementsAre("没有", "预，编译"));
  EXPECT_THAT(wrapped("需要 torch 2.6", 6, 20), ElementsAre("需要", "torch 2.6"));
}

TEST(Wrapped, GivesTheFirstLineItsOwnWidth) {
  EXPECT_THAT(wrapped("aa bb cc dd", 2, 5), ElementsAre("aa", "bb cc", "dd"));
}

}  // namespace
}  // namespace wheelfit::render
