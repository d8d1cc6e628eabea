// SPDX-License-Identifier: Apache-2.0
#include "python/version.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wheelfit::python {
namespace {

Version version(std::string_view text) {
  auto parsed = Version::parse(text);
  if (!parsed) throw std::invalid_argument(parsed.error().message);
  return *parsed;
}

struct Spelling {
  std::string_view written;
  std::string_view normal;
};

class SpellingTest : public testing::TestWithParam<Spelling> {};

TEST_P(SpellingTest, IsNormalised) { EXPECT_EQ(version(GetParam().written).to_string(), GetParam().normal); }

INSTANTIATE_TEST_SUITE_P(
    Version, SpellingTest,
    testing::Values(Spelling{"1.0", "1.0"}, Spelling{" \t1.0\n", "1.0"}, Spelling{"v1.0", "1.0"},
                    Spelling{"V1.0", "1.0"}, Spelling{"01.002.0", "1.2.0"}, Spelling{"0!1.0", "1.0"},
                    Spelling{"1!2.0", "1!2.0"}, Spelling{"1.0a1", "1.0a1"}, Spelling{"1.0.Alpha-1", "1.0a1"},
                    Spelling{"1.0beta", "1.0b0"}, Spelling{"1.0c2", "1.0rc2"},
                    Spelling{"1.0-pre_3", "1.0rc3"}, Spelling{"1.0preview.4", "1.0rc4"},
                    Spelling{"1.0_RC5", "1.0rc5"}, Spelling{"1.0-1", "1.0.post1"},
                    Spelling{"1.0rev2", "1.0.post2"}, Spelling{"1.0-r3", "1.0.post3"},
                    Spelling{"1.0post", "1.0.post0"}, Spelling{"1.0.post-", "1.0.post0"},
                    Spelling{"1.0dev", "1.0.dev0"}, Spelling{"1.0-DEV_7", "1.0.dev7"},
                    Spelling{"1.0a-dev1", "1.0a0.dev1"}, Spelling{"1.0a1.post2.dev3", "1.0a1.post2.dev3"},
                    Spelling{"1.0a-1-1", "1.0a1.post1"},
                    Spelling{"2.5.3+CU122Torch2.2_cxx11-abiFALSE", "2.5.3+cu122torch2.2.cxx11.abifalse"},
                    Spelling{"1.0+007", "1.0+7"}, Spelling{"1.0+0a", "1.0+0a"},
                    Spelling{"2.8.3.post1+cu12torch2.8", "2.8.3.post1+cu12torch2.8"},
                    Spelling{"18446744073709551615", "18446744073709551615"}));

class MalformedVersionTest : public testing::TestWithParam<std::string_view> {};

TEST_P(MalformedVersionTest, IsAnError) {
  const auto parsed = Version::parse(GetParam());
  ASSERT_FALSE(parsed);
  EXPECT_THAT(parsed.error().message, testing::HasSubstr(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Version, MalformedVersionTest,
                         testing::Values("", " ", "v", "vv1", "french toast", "1.", ".1", "1..2", "1.0+",
                                         "1.0+a+b", "1.0+_a", "1.0+a_", "1.0+a..b", "1.0 a1", "1.0-", "1.0x1",
                                         "1!", "!1", "1!!2", "1.0a1a2", "1.0.dev1.post1", "1.0a1-1-1",
                                         "1.0--1", "-1.0", "18446744073709551616", "1.0+18446744073709551616",
                                         "1.0\xC3\xA9", "1.0a\xE2\x91\xA0"));

TEST(Version, SortsAsTheSpecificationLists) {
  constexpr std::string_view ascending[] = {"1.dev0",        "1.0.dev456",    "1.0a1",
                                            "1.0a2.dev456",  "1.0a12.dev456", "1.0a12",
                                            "1.0b1.dev456",  "1.0b2",         "1.0b2.post345.dev456",
                                            "1.0b2.post345", "1.0rc1.dev456", "1.0rc1",
                                            "1.0",           "1.0+abc.5",     "1.0+abc.7",
                                            "1.0+abc.7.1",   "1.0+5",         "1.0.post456.dev34",
                                            "1.0.post456",   "1.0.15",        "1.1.dev1",
                                            "1!0.1"};
  for (std::size_t i = 0; i < std::size(ascending); ++i) {
    for (std::size_t j = 0; j < std::size(ascending); ++j) {
      EXPECT_EQ(version(ascending[i]) <=> version(ascending[j]), i <=> j)
          << ascending[i] << " and " << ascending[j];
    }
  }
}

TEST(Version, EqualVersionsMayBeSpelledDifferently) {
  EXPECT_EQ(version("1.0"), version("1.0.0"));
  EXPECT_EQ(version("1.0.0.0"), version("1"));
  EXPECT_EQ(version("1.0-1"), version("1.post1"));
  EXPECT_EQ(version("1.0+Ubuntu-1"), version("1.0+ubuntu.1"));
  EXPECT_NE(version("1.0"), version("1.0.post0"));
  EXPECT_NE(version("1.0"), version("1.0+0"));
}

TEST(Version, TellsItsParts) {
  const Version full = version("1!2.8.3rc1.post4.dev5+cu12torch2.8");
  EXPECT_EQ(full.epoch(), 1U);
  EXPECT_THAT(full.release(), testing::ElementsAre(2, 8, 3));
  EXPECT_EQ(full.major(), 2U);
  EXPECT_EQ(full.minor(), 8U);
  EXPECT_EQ(full.micro(), 3U);
  EXPECT_EQ(full.part(3), 0U);
  EXPECT_EQ(full.pre(), (std::pair<std::string, std::uint64_t>("rc", 1)));
  EXPECT_EQ(full.post(), 4U);
  EXPECT_EQ(full.dev(), 5U);
  EXPECT_EQ(full.local(), "cu12torch2.8");
  EXPECT_THAT(full.local_segments(), testing::SizeIs(2));
  EXPECT_EQ(full.base_version(), "1!2.8.3");
  EXPECT_EQ(full.public_version().to_string(), "1!2.8.3rc1.post4.dev5");
}

TEST(Version, KnowsPrereleases) {
  EXPECT_TRUE(version("1.0a1").is_prerelease());
  EXPECT_TRUE(version("1.0.post1.dev2").is_prerelease());
  EXPECT_FALSE(version("1.0.post1").is_prerelease());
  EXPECT_TRUE(version("1.0.post1").is_postrelease());
  EXPECT_FALSE(version("1.0+local").is_prerelease());
}

TEST(Version, SameReleaseAsFarAsTheShorterIsWritten) {
  EXPECT_TRUE(same_release_prefix(version("2.6"), version("2.6.1")));
  EXPECT_TRUE(same_release_prefix(version("2.6.1"), version("2.6")));
  EXPECT_FALSE(same_release_prefix(version("2.6.0"), version("2.6.1")));
  EXPECT_FALSE(same_release_prefix(version("2.6"), version("2.7.0")));
}

}  // namespace
}  // namespace wheelfit::python
