// SPDX-License-Identifier: Apache-2.0
#include "python/entry_points.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wheelfit::python {
namespace {

MATCHER_P4(IsEntry, group, name, module, attribute, "") {
  return arg.group == group && arg.name == name && arg.module == module && arg.attribute == attribute;
}

TEST(EntryPoints, AreReadByGroup) {
  const auto entries = parse_entry_points(
      "# made by hand\r\n[console_scripts]\r\npip = pip._internal.cli.main:main\n"
      "spaced name=a.b : C.run [extra1, extra2]\n\n; note\n[ gui_scripts ]\nwin = a\n[empty]\n");
  ASSERT_TRUE(entries);
  EXPECT_THAT(*entries,
              testing::ElementsAre(IsEntry("console_scripts", "pip", "pip._internal.cli.main", "main"),
                                   IsEntry("console_scripts", "spaced name", "a.b", "C.run"),
                                   IsEntry("gui_scripts", "win", "a", "")));
}

TEST(EntryPoints, MayBeNone) { EXPECT_THAT(parse_entry_points("").value(), testing::IsEmpty()); }

TEST(EntryPoints, NameTheLineThatIsWrong) {
  EXPECT_THAT(parse_entry_points("[a]\nb = c:d\nodd\n").error().message, testing::HasSubstr("line 3"));
}

class MalformedEntryPointsTest : public testing::TestWithParam<std::string_view> {};

TEST_P(MalformedEntryPointsTest, IsAnError) { EXPECT_FALSE(parse_entry_points(GetParam())) << GetParam(); }

INSTANTIATE_TEST_SUITE_P(EntryPoints, MalformedEntryPointsTest,
                         testing::Values("a = b:c", "[]\na = b", "[a\nb = c", "[a]\n= b", "[a]\nb =",
                                         "[a]\nb = :c", "[a]\nb = c:", "[a]\nb = [extra]", "[a]\nb"));

}  // namespace
}  // namespace wheelfit::python
