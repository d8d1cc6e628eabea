// SPDX-License-Identifier: Apache-2.0
#include "python/metadata.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wheelfit::python {
namespace {

using testing::ElementsAre;

TEST(HeaderFields, AreReadInOrderUpToTheBody) {
  const auto headers =
      HeaderFields::parse("Name: a\nRequires-Dist: b\nRequires-Dist: c ; os_name == 'd'\n\nName: body\n");
  EXPECT_THAT(headers.fields, testing::SizeIs(3));
  EXPECT_EQ(headers.get("name"), "a");
  EXPECT_THAT(headers.get_all("REQUIRES-DIST"), ElementsAre("b", "c ; os_name == 'd'"));
  EXPECT_EQ(headers.get("Version"), std::nullopt);
}

TEST(HeaderFields, TakeEveryLineEndAndAByteOrderMark) {
  for (const auto* text : {"A: 1\r\nB: 2\r\n\r\nC: 3", "A: 1\rB: 2\r\rC: 3",
                           "\xEF\xBB\xBF"
                           "A: 1\nB: 2"}) {
    const auto headers = HeaderFields::parse(text);
    EXPECT_EQ(headers.get("A"), "1");
    EXPECT_EQ(headers.get("B"), "2");
    EXPECT_EQ(headers.get("C"), std::nullopt);
  }
}

TEST(HeaderFields, JoinContinuationLines) {
  const auto headers = HeaderFields::parse("License: first\n  second\n\tthird\nName: a\n");
  EXPECT_EQ(headers.get("License"), "first\nsecond\nthird");
  EXPECT_EQ(headers.get("Name"), "a");
}

TEST(HeaderFields, SurviveOddLines) {
  const auto headers = HeaderFields::parse(" lost\nno colon\n: no name\nName:a\nEmpty:\nUrl: https://b:1/c");
  EXPECT_THAT(headers.fields, testing::SizeIs(3));
  EXPECT_EQ(headers.get("Empty"), "");
  EXPECT_EQ(headers.get("Url"), "https://b:1/c");
}

TEST(Metadata, TellsWhatResolutionNeeds) {
  const auto metadata =
      Metadata::parse(
          "Metadata-Version: 2.1\nName: flash_attn\nVersion: 2.8.3\nRequires-Python: >=3.9\n"
          "Provides-Extra: test\nRequires-Dist: torch\nRequires-Dist: einops\n\n# Flash")
          .value();
  EXPECT_EQ(metadata.metadata_version, "2.1");
  EXPECT_EQ(metadata.name, "flash_attn");
  EXPECT_EQ(metadata.version, "2.8.3");
  EXPECT_EQ(metadata.requires_python, ">=3.9");
  EXPECT_THAT(metadata.requires_dist, ElementsAre("torch", "einops"));
  EXPECT_THAT(metadata.provides_extra, ElementsAre("test"));
}

TEST(Metadata, MustNameItsDistribution) {
  for (const auto* text :
       {"", "\n", "Name: a\n", "Version: 1\n", "Name:\nVersion: 1\n", "\nName: a\nVersion: 1\n"}) {
    EXPECT_FALSE(Metadata::parse(text)) << text;
  }
}

TEST(WheelMetadata, IsTakenApart) {
  const auto wheel = WheelMetadata::parse(
                         "Wheel-Version: 1.0\nGenerator: bdist_wheel (0.37)\nRoot-Is-Purelib: FALSE\n"
                         "Tag: cp311-cp311-linux_x86_64\nTag: cp311-abi3-linux_x86_64\nBuild: 2\n")
                         .value();
  EXPECT_EQ(wheel.wheel_version, std::pair(1, 0));
  EXPECT_FALSE(wheel.root_is_purelib);
  EXPECT_EQ(wheel.generator, "bdist_wheel (0.37)");
  EXPECT_THAT(wheel.tags, ElementsAre("cp311-cp311-linux_x86_64", "cp311-abi3-linux_x86_64"));
  EXPECT_EQ(wheel.build, "2");
  EXPECT_TRUE(WheelMetadata::parse("Wheel-Version: 1.0\nRoot-Is-Purelib: true").value().root_is_purelib);
}

TEST(WheelMetadata, MustTellItsFormat) {
  for (const auto* text :
       {"", "Tag: a-b-c\n", "Wheel-Version: one\n", "Wheel-Version: 1\n", "Wheel-Version: 1.0.0\n",
        "Wheel-Version: -1.0\n", "Wheel-Version: 99999999999999999999.0\n"}) {
    EXPECT_FALSE(WheelMetadata::parse(text)) << text;
  }
}

}  // namespace
}  // namespace wheelfit::python
