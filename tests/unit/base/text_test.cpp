// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"

#include <gtest/gtest.h>

namespace wheelfit {
namespace {

TEST(Text, FillsItsPattern) {
  const Text sentence = text("{} wants torch {}", "demo", 2.5);
  EXPECT_EQ(sentence.english(), "demo wants torch 2.5");
  EXPECT_EQ(sentence.pattern(), "{} wants torch {}");
}

TEST(Text, ATranslationMayReorder) { EXPECT_EQ(text("{} {}", "a", "b").filled("{1}, {0}"), "b, a"); }

TEST(Text, BracesInVerbatimTextAndInArgumentsAreJustBraces) {
  EXPECT_EQ(Text("{} {x}").english(), "{} {x}");
  EXPECT_EQ(text("{}", "{0}").english(), "{0}");
  EXPECT_EQ(text("{{}} {}", 1).english(), "{} 1");
}

TEST(Text, AVerbatimSentenceIsItsOwnPatternAndMayBeTranslatedWhole) {
  const Text offline("offline {}");
  EXPECT_EQ(offline.pattern(), "offline {}");
  EXPECT_EQ(offline.filled("sans réseau {}"), "sans réseau {}");
  EXPECT_FALSE(offline.empty());
  EXPECT_TRUE(Text().empty());
  EXPECT_TRUE(Text("").empty());
}

TEST(Text, ABrokenTranslationLosesNothingButItself) {
  EXPECT_EQ(text("{}", "a").filled("x {"), "x {");
  EXPECT_EQ(text("{}", "a").filled("x {7}"), "x ");
}

}  // namespace
}  // namespace wheelfit
