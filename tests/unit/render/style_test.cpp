// SPDX-License-Identifier: Apache-2.0
#include "render/style.hpp"

#include <gmock/gmock.h>

namespace wheelfit::render {
namespace {

using system::EnvironmentVariables;

TEST(Painted, ChangesNothingWithoutColour) {
  EXPECT_EQ(painted("fits", Tone::good, {}), "fits");
  Style coloured;
  coloured.colour = true;
  EXPECT_EQ(painted("fits", Tone::good, coloured), "\x1b[32mfits\x1b[0m");
  EXPECT_EQ(painted("fits", Tone::plain, coloured), "fits");
  EXPECT_EQ(painted("", Tone::bad, coloured), "");
}

Style chosen(Stream stream, ColourWish wish, std::map<std::string, std::string, std::less<>> variables) {
  return choose_style(stream, wish, Language::english, EnvironmentVariables(std::move(variables)));
}

TEST(ChooseStyle, ColoursTerminalsOnlyAndOnlyWhereWanted) {
  EXPECT_TRUE(chosen({true, 80}, ColourWish::automatic, {}).colour);
  EXPECT_TRUE(chosen({true, 80}, ColourWish::automatic, {{"NO_COLOR", ""}}).colour)
      << "empty counts as not set";
  EXPECT_FALSE(chosen({false, {}}, ColourWish::automatic, {}).colour);
  EXPECT_FALSE(chosen({true, 80}, ColourWish::never, {}).colour);
  EXPECT_FALSE(chosen({true, 80}, ColourWish::automatic, {{"NO_COLOR", "1"}}).colour);
  EXPECT_FALSE(chosen({true, 80}, ColourWish::automatic, {{"TERM", "dumb"}}).colour);
}

TEST(ChooseStyle, KeepsTheWidthReadable) {
  EXPECT_EQ(chosen({true, 80}, ColourWish::automatic, {{"COLUMNS", "70"}}).width, 80);
  EXPECT_EQ(chosen({false, {}}, ColourWish::automatic, {{"COLUMNS", "70"}}).width, 70);
  EXPECT_EQ(chosen({false, {}}, ColourWish::automatic, {{"COLUMNS", "7x"}}).width, 100);
  EXPECT_EQ(chosen({true, 20}, ColourWish::automatic, {}).width, 60);
  EXPECT_EQ(chosen({true, 300}, ColourWish::automatic, {}).width, 120);
  EXPECT_EQ(chosen({false, {}}, ColourWish::automatic, {}).width, 100);
}

}  // namespace
}  // namespace wheelfit::render
