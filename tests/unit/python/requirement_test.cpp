// SPDX-License-Identifier: Apache-2.0
#include "python/requirement.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wheelfit::python {
namespace {

TEST(Requirement, IsTakenApart) {
  const auto requirement =
      Requirement::parse("Flash_Attn[cuda, Test ] (>=2.6,<3) ; python_version >= '3.9'").value();
  EXPECT_EQ(requirement.name, "Flash_Attn");
  EXPECT_THAT(requirement.extras, testing::ElementsAre("cuda", "Test"));
  EXPECT_EQ(requirement.specifiers.to_string(), "<3,>=2.6");
  EXPECT_FALSE(requirement.url);
  ASSERT_TRUE(requirement.marker);
  EXPECT_EQ(requirement.marker->to_string(), "python_version >= \"3.9\"");
}

TEST(Requirement, MayNameAnAddress) {
  const auto requirement =
      Requirement::parse("a @ https://files.example/a-1.0.whl;x ; os_name == 'posix'").value();
  EXPECT_EQ(requirement.url, "https://files.example/a-1.0.whl;x");
  EXPECT_TRUE(requirement.marker);
  EXPECT_EQ(Requirement::parse("a@file:///b").value().url, "file:///b");
}

TEST(Requirement, AppliesWhereItsMarkerHolds) {
  const auto here = linux_marker_environment("3.11.7", "x86_64");
  EXPECT_TRUE(Requirement::parse("einops").value().applies(here));
  EXPECT_TRUE(Requirement::parse("einops; python_version > '3.8'").value().applies(here));
  EXPECT_FALSE(Requirement::parse("einops; extra == 'test'").value().applies(here));
}

TEST(Requirement, PrintsItsNormalForm) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"a", "a"},
      {" a ", "a"},
      {"A.b ( == 1.0 )", "A.b==1.0"},
      {"a[]", "a"},
      {"a[y,x,y]>=1,", "a[x,y]>=1"},
      {"a===1.0;os_name=='b'", "a===1.0; os_name == \"b\""},
      {"a()", "a"},
      {"a@http://b ;os_name=='c'", "a @ http://b ; os_name == \"c\""},
      {"a >= 1\n, < 2\n ; os_name == 'c'", "a<2,>=1; os_name == \"c\""}};
  for (const auto& [written, printed] : cases) {
    const auto requirement = Requirement::parse(written);
    ASSERT_TRUE(requirement) << written << ": " << requirement.error().message;
    EXPECT_EQ(requirement->to_string(), printed);
    EXPECT_EQ(Requirement::parse(printed).value().to_string(), printed);
  }
}

class MalformedRequirementTest : public testing::TestWithParam<std::string_view> {};

TEST_P(MalformedRequirementTest, IsAnError) { EXPECT_FALSE(Requirement::parse(GetParam())) << GetParam(); }

INSTANTIATE_TEST_SUITE_P(Requirement, MalformedRequirementTest,
                         testing::Values("", " ", ">=1", "-a", "a-", "a b", "a 1.0", "a=1", "a>=1 <2",
                                         "a,>=1", "a>=1,,<2", "a(>=1", "a>=1)", "a(>=1) <2", "a[", "a[b",
                                         "a[,b]", "a[b,]", "a[b c]", "a@", "a @ ",
                                         "a @ http://b os_name == 'c'", "a;", "a; ", "a;b",
                                         "a>=1 os_name == 'b'", "a[b]c", "a!", "a/b"));

}  // namespace
}  // namespace wheelfit::python
