// SPDX-License-Identifier: Apache-2.0
#include "python/tags.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "python/wheel_filename.hpp"

namespace wheelfit::python {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

std::vector<Tag> tags_of(std::string_view tag) {
  return WheelFilename::parse("a-1-" + std::string(tag) + ".whl").value().tags();
}

TagTarget linux_target(int minor, std::optional<std::pair<int, int>> glibc) {
  TagTarget target;
  target.python = {3, minor};
  target.free_threaded = false;
  target.platform = "linux_x86_64";
  target.glibc = glibc;
  return target;
}

struct Case {
  std::string_view tag;
  std::optional<TagMismatch> mismatch;
  std::optional<std::pair<int, int>> needs_glibc = std::nullopt;
};

std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.tag; }

void expect_verdict(const Case& expected, const TagTarget& target) {
  const TagVerdict verdict = judge_tags(tags_of(expected.tag), target);
  EXPECT_EQ(verdict.compatible, !expected.mismatch) << expected.tag;
  EXPECT_EQ(verdict.mismatch, expected.mismatch) << expected.tag;
  EXPECT_EQ(verdict.needs_glibc, expected.needs_glibc) << expected.tag;
}

class KnownTargetTest : public testing::TestWithParam<Case> {};

TEST_P(KnownTargetTest, Python311Glibc235) { expect_verdict(GetParam(), linux_target(11, std::pair{2, 35})); }

INSTANTIATE_TEST_SUITE_P(
    Tags, KnownTargetTest,
    testing::Values(Case{"cp311-cp311-linux_x86_64", {}}, Case{"cp311-cp311-manylinux_2_28_x86_64", {}},
                    Case{"cp311-cp311-manylinux1_x86_64", {}}, Case{"cp311-cp311-manylinux2010_x86_64", {}},
                    Case{"cp311-cp311-manylinux2014_x86_64", {}}, Case{"cp39-abi3-manylinux_2_5_x86_64", {}},
                    Case{"cp311-none-any", {}}, Case{"py3-none-any", {}}, Case{"py2.py3-none-any", {}},
                    Case{"py310-none-any", {}}, Case{"py3-none-linux_x86_64", {}},
                    Case{"cp311-cp311-manylinux_2_24_x86_64.manylinux_2_38_x86_64", {}},
                    Case{"cp310-cp310-linux_x86_64", TagMismatch::python},
                    Case{"cp312-abi3-linux_x86_64", TagMismatch::python},
                    Case{"cp310-none-linux_x86_64", TagMismatch::python},
                    Case{"py2-none-any", TagMismatch::python}, Case{"py312-none-any", TagMismatch::python},
                    Case{"pp311-pypy311_pp73-linux_x86_64", TagMismatch::python},
                    Case{"cp311-cp310-linux_x86_64", TagMismatch::abi},
                    Case{"cp311-cp311t-linux_x86_64", TagMismatch::abi},
                    Case{"cp311-cp311d-linux_x86_64", TagMismatch::abi},
                    Case{"cp311-abi3t-linux_x86_64", TagMismatch::abi},
                    Case{"cp39-abi3t-linux_x86_64", TagMismatch::abi},
                    Case{"py3-abi3-linux_x86_64", TagMismatch::abi},
                    Case{"cp311-cp311-linux_aarch64", TagMismatch::platform},
                    Case{"cp311-cp311-win_amd64", TagMismatch::platform},
                    Case{"cp311-cp311-macosx_11_0_arm64", TagMismatch::platform},
                    Case{"cp311-cp311-manylinux_2_17_aarch64", TagMismatch::platform},
                    Case{"cp311-cp311-manylinux_2_4_x86_64", TagMismatch::platform},
                    Case{"cp311-cp311-manylinux_x86_64", TagMismatch::platform},
                    Case{"cp311-cp311-manylinux_2_36_x86_64", TagMismatch::libc, std::pair{2, 36}},
                    Case{"cp311-cp311-manylinux_2_39_x86_64.manylinux_2_38_x86_64", TagMismatch::libc,
                         std::pair{2, 38}},
                    Case{"cp311-cp311-musllinux_1_2_x86_64", TagMismatch::libc},
                    Case{"cp310.cp311-cp310.cp311-win_amd64", TagMismatch::platform}));

class MuslTargetTest : public testing::TestWithParam<Case> {};

TEST_P(MuslTargetTest, Python311Musl12) {
  TagTarget target = linux_target(11, std::nullopt);
  target.musl = {1, 2};
  expect_verdict(GetParam(), target);
}

INSTANTIATE_TEST_SUITE_P(
    Tags, MuslTargetTest,
    testing::Values(Case{"cp311-cp311-linux_x86_64", {}}, Case{"cp311-cp311-musllinux_1_1_x86_64", {}},
                    Case{"cp311-cp311-musllinux_1_2_x86_64", {}}, Case{"py3-none-any", {}},
                    Case{"cp311-cp311-musllinux_1_3_x86_64", TagMismatch::libc},
                    Case{"cp311-cp311-musllinux_2_0_x86_64", TagMismatch::libc},
                    Case{"cp311-cp311-manylinux2014_x86_64", TagMismatch::libc, std::pair{2, 17}},
                    Case{"cp311-cp311-manylinux2014_aarch64", TagMismatch::platform},
                    Case{"cp311-cp311-musllinux_1_2_aarch64", TagMismatch::platform}));

class FreeThreadedTargetTest : public testing::TestWithParam<Case> {};

TEST_P(FreeThreadedTargetTest, Python313t) {
  TagTarget target = linux_target(13, std::pair{2, 35});
  target.free_threaded = true;
  expect_verdict(GetParam(), target);
}

INSTANTIATE_TEST_SUITE_P(Tags, FreeThreadedTargetTest,
                         testing::Values(Case{"cp313-cp313t-linux_x86_64", {}}, Case{"cp313-none-any", {}},
                                         Case{"py3-none-any", {}}, Case{"cp313-abi3t-linux_x86_64", {}},
                                         Case{"cp310-abi3.abi3t-linux_x86_64", {}},
                                         Case{"cp313-cp313-linux_x86_64", TagMismatch::abi},
                                         Case{"cp313-abi3-linux_x86_64", TagMismatch::abi},
                                         Case{"cp39-abi3-linux_x86_64", TagMismatch::abi},
                                         Case{"cp312-cp312-linux_x86_64", TagMismatch::python}));

class UnknownTargetTest : public testing::TestWithParam<std::string_view> {};

TEST_P(UnknownTargetTest, RefusesNothing) { expect_verdict({GetParam(), std::nullopt}, TagTarget{}); }

INSTANTIATE_TEST_SUITE_P(Tags, UnknownTargetTest,
                         testing::Values("cp311-cp311-linux_x86_64", "cp27-cp27mu-manylinux1_x86_64",
                                         "py2-none-any", "cp313-cp313t-win_amd64",
                                         "cp39-abi3-macosx_11_0_arm64", "cp314-abi3t-win32",
                                         "cp311-cp311-musllinux_1_2_x86_64"));

TEST(JudgeTags, NoPythonMakesATagFitThatContradictsItself) {
  expect_verdict({"pp311-pypy311_pp73-linux_x86_64", TagMismatch::python}, TagTarget{});
  expect_verdict({"cp311-cp310-linux_x86_64", TagMismatch::abi}, TagTarget{});
}

TEST(JudgeTags, WhatIsKnownStillRefuses) {
  TagTarget target;
  target.glibc = {2, 17};
  expect_verdict({"cp311-cp311-manylinux_2_28_aarch64", TagMismatch::libc, std::pair{2, 28}}, target);
  expect_verdict({"cp311-cp311-manylinux2014_aarch64", std::nullopt}, target);
  expect_verdict({"cp311-cp311-win_amd64", TagMismatch::platform}, target);
  target = TagTarget{};
  target.free_threaded = true;
  expect_verdict({"cp313-cp313-win_amd64", TagMismatch::abi}, target);
  expect_verdict({"cp313-cp313t-win_amd64", std::nullopt}, target);
  target = linux_target(13, std::nullopt);
  target.free_threaded.reset();
  expect_verdict({"cp313-cp313-manylinux_2_99_x86_64", std::nullopt}, target);
  expect_verdict({"cp313-cp313t-linux_x86_64", std::nullopt}, target);
  expect_verdict({"cp313-cp313-musllinux_1_2_x86_64", std::nullopt}, target);
  expect_verdict({"cp312-cp312-linux_x86_64", TagMismatch::python}, target);
}

TEST(JudgeTags, NoTagFitsNothing) {
  const TagVerdict verdict = judge_tags({}, linux_target(11, std::pair{2, 35}));
  EXPECT_FALSE(verdict.compatible);
  EXPECT_EQ(verdict.mismatch, std::nullopt);
}

TEST(JudgeTags, PriorityIsThePositionAmongTheSupported) {
  const TagTarget target = linux_target(11, std::pair{2, 35});
  const auto supported = supported_tags(target);
  for (std::size_t i = 0; i < supported.size(); i += 7) {
    const TagVerdict verdict = judge_tags({supported.back(), supported[i]}, target);
    EXPECT_TRUE(verdict.compatible);
    EXPECT_EQ(verdict.priority, i) << supported[i].to_string();
  }
  EXPECT_EQ(judge_tags({supported[5]}, linux_target(11, std::nullopt)).priority, 0U);
}

TEST(SupportedTags, BeginWithTheInterpretersOwnAndEndWithPurePython) {
  TagTarget target = linux_target(8, std::pair{2, 17});
  target.platform = "linux_aarch64";
  const auto tags = supported_tags(target);
  ASSERT_GT(tags.size(), 12U);
  EXPECT_EQ(tags[0].to_string(), "cp38-cp38-manylinux_2_17_aarch64");
  EXPECT_EQ(tags[1].to_string(), "cp38-cp38-manylinux2014_aarch64");
  EXPECT_EQ(tags[2].to_string(), "cp38-cp38-linux_aarch64");
  EXPECT_EQ(tags[3].to_string(), "cp38-abi3-manylinux_2_17_aarch64");
  EXPECT_EQ(tags.back().to_string(), "py30-none-any");
}

TEST(SupportedTags, OfAnUnknownTargetAreNone) {
  TagTarget target = linux_target(11, std::nullopt);
  EXPECT_THAT(supported_tags(target), testing::IsEmpty());
  target.glibc = {2, 31};
  target.python.reset();
  EXPECT_THAT(supported_tags(target), testing::IsEmpty());
  EXPECT_THAT(supported_tags(TagTarget{}), testing::IsEmpty());
}

TEST(SupportedTags, OfFreeThreadedPythonLeaveOutTheGilsAbis) {
  TagTarget target = linux_target(13, std::pair{2, 28});
  target.free_threaded = true;
  const auto tags = supported_tags(target);
  EXPECT_THAT(tags, Contains(Tag{"cp313", "cp313t", "linux_x86_64"}));
  EXPECT_THAT(tags, Not(Contains(Tag{"cp313", "cp313", "linux_x86_64"})));
  EXPECT_THAT(tags, Not(Contains(Tag{"cp313", "abi3", "linux_x86_64"})));
}

TEST(SupportedTags, OfOtherSystems) {
  TagTarget target = linux_target(12, std::nullopt);
  target.platform = "win_amd64";
  EXPECT_EQ(supported_tags(target).front().to_string(), "cp312-cp312-win_amd64");
  target.platform = "macosx_14_0_arm64";
  auto tags = supported_tags(target);
  EXPECT_EQ(tags[0].to_string(), "cp312-cp312-macosx_14_0_arm64");
  EXPECT_EQ(tags[1].to_string(), "cp312-cp312-macosx_14_0_universal2");
  EXPECT_THAT(tags, Contains(Tag{"cp312", "cp312", "macosx_10_9_universal2"}));
  EXPECT_THAT(tags, Not(Contains(Tag{"cp312", "cp312", "macosx_10_9_x86_64"})));
  target.platform = "macosx_13_0_x86_64";
  tags = supported_tags(target);
  EXPECT_THAT(tags, Contains(Tag{"cp312", "cp312", "macosx_10_9_x86_64"}));
  EXPECT_THAT(tags, Contains(Tag{"cp312", "cp312", "macosx_11_0_universal2"}));
}

TEST(SupportedTags, OfPyPy) {
  TagTarget target = linux_target(10, std::pair{2, 28});
  target.implementation = "pp";
  const auto tags = supported_tags(target);
  EXPECT_EQ(tags.front().to_string(), "pp310-pypy310_pp73-manylinux_2_28_x86_64");
  EXPECT_THAT(tags, Contains(Tag{"pp3", "none", "any"}));
  EXPECT_THAT(tags, Not(Contains(Tag{"cp310", "abi3", "linux_x86_64"})));
}

TEST(PlatformTags, NameTheirGlibc) {
  EXPECT_EQ(manylinux_glibc("manylinux1_x86_64"), std::pair(2, 5));
  EXPECT_EQ(manylinux_glibc("manylinux2010_i686"), std::pair(2, 12));
  EXPECT_EQ(manylinux_glibc("manylinux2014_aarch64"), std::pair(2, 17));
  EXPECT_EQ(manylinux_glibc("manylinux_2_28_x86_64"), std::pair(2, 28));
  for (const auto* tag :
       {"linux_x86_64", "musllinux_1_2_x86_64", "any", "manylinux_2_x86_64", "manylinux_a_b_c",
        "manylinux_2_28_", "manylinux_2_28", "manylinux2015_x86_64", "manylinux_99999999999_1_x"}) {
    EXPECT_EQ(manylinux_glibc(tag), std::nullopt) << tag;
  }
}

TEST(PlatformTags, NameTheirMachine) {
  const std::pair<std::string_view, std::string_view> cases[] = {{"manylinux_2_28_x86_64", "x86_64"},
                                                                 {"manylinux2014_aarch64", "aarch64"},
                                                                 {"linux_x86_64", "x86_64"},
                                                                 {"musllinux_1_2_x86_64", "x86_64"},
                                                                 {"win_amd64", "amd64"},
                                                                 {"macosx_11_0_arm64", "arm64"},
                                                                 {"any", ""},
                                                                 {"", ""}};
  for (const auto& [tag, machine] : cases) EXPECT_EQ(platform_machine(tag), machine) << tag;
}

}  // namespace
}  // namespace wheelfit::python
