// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "environment.hpp"

namespace wheelfit::install::test {
namespace {

using ::testing::ElementsAre;

WheelBuilder demo() { return WheelBuilder("demo", "1.0").file("demo/__init__.py", "x = 1\n"); }

std::string inspected(const WheelBuilder& wheel, const std::string& file_name = "") {
  const wheelfit::test::TempDir directory;
  const auto file = wheel.write_to(directory.path());
  return code_of([&] { inspect_wheel(file, file_name.empty() ? wheel.file_name() : file_name); });
}

TEST(InspectWheel, TellsWhatAGoodWheelIs) {
  const wheelfit::test::TempDir directory;
  const WheelBuilder wheel =
      demo().metadata_line("Requires-Dist: einops").metadata_line("Requires-Python: >=3.9");
  const WheelSummary summary = inspect_wheel(wheel.write_to(directory.path()), wheel.file_name());
  EXPECT_EQ(summary.name, "demo");
  EXPECT_EQ(summary.version, "1.0");
  EXPECT_THAT(summary.requires_dist, ElementsAre("einops"));
  EXPECT_EQ(summary.requires_python, ">=3.9");
  EXPECT_THAT(summary.tags, ElementsAre("py3-none-any"));
  EXPECT_EQ(summary.files, 4U);
  EXPECT_TRUE(summary.warnings.empty());
}

struct BadWheel {
  std::string what;
  WheelBuilder wheel;
  std::string code;
};

class InspectBadWheel : public ::testing::TestWithParam<BadWheel> {};

TEST_P(InspectBadWheel, IsRefusedWithItsCode) { EXPECT_EQ(inspected(GetParam().wheel), GetParam().code); }

INSTANTIATE_TEST_SUITE_P(
    Kinds, InspectBadWheel,
    ::testing::Values(
        BadWheel{"parent", demo().file("../evil.py", ""), "path-escape"},
        BadWheel{"nestedparent", demo().file("demo/../../evil.py", ""), "path-escape"},
        BadWheel{"absolute", demo().file("/etc/evil", ""), "path-escape"},
        BadWheel{"backslash", demo().file("demo\\evil.py", ""), "path-escape"},
        BadWheel{"drive", demo().file("C:evil.py", ""), "path-escape"},
        BadWheel{"newline", demo().file("demo/a\nb.py", ""), "path-escape"},
        BadWheel{"dataparent", demo().file("demo-1.0.data/data/../../x", ""), "path-escape"},
        BadWheel{"symlink", demo().file("demo/link", "target", 0120777), "symlink"},
        BadWheel{"duplicate", demo().file("demo/__init__.py", "y = 2\n"), "duplicate-name"},
        BadWheel{"fileanddirectory", demo().file("demo", ""), "duplicate-name"},
        BadWheel{"case", demo().file("demo/A.py", "").file("demo/a.py", ""), "case-collision"},
        BadWheel{"directorycase", demo().file("Demo/b.py", ""), "case-collision"},
        BadWheel{"nodistinfo", demo().without("METADATA").without("WHEEL").without("RECORD"), "no-dist-info"},
        BadWheel{"twodistinfos", demo().file("other-1.0.dist-info/METADATA", ""), "two-dist-infos"},
        BadWheel{"othername", demo().metadata_name("torch"), "name-mismatch"},
        BadWheel{"otherversion", demo().metadata_version("2.0"), "name-mismatch"},
        BadWheel{"nometadata", demo().without("METADATA"), "metadata"},
        BadWheel{"nowheel", demo().without("WHEEL"), "metadata"},
        BadWheel{"norecord", demo().without("RECORD"), "record"},
        BadWheel{"newformat", demo().wheel_version("2.0"), "wheel-version"},
        BadWheel{"datakey", demo().file("demo-1.0.data/elsewhere/x", ""), "data-key"},
        BadWheel{"foreigndata", demo().file("other-1.0.data/data/x", ""), "data-key"},
        BadWheel{"unrecorded", demo().unrecorded_file("demo/extra.py", ""), "record"},
        BadWheel{"recordedonly", demo().record_row("demo/gone.py,sha256=abc,3"), "record"},
        BadWheel{"weakhash", demo().record_hash("demo/__init__.py", "md5=abc"), "record"},
        BadWheel{"nohash", demo().record_hash("demo/__init__.py", ""), "record"},
        BadWheel{"badrecord", demo().record_row("only,two"), "record"},
        BadWheel{"bomb", demo().file("demo/bomb", "0").claimed_size("demo/bomb", 1U << 30U), "ratio"}),
    [](const auto& bad) { return bad.param.what; });

TEST(InspectWheel, RefusesWhatIsNoArchive) {
  const wheelfit::test::TempDir directory;
  const auto html = directory.write("demo-1.0-py3-none-any.whl", "<html>Not found</html>");
  EXPECT_EQ(code_of([&] { inspect_wheel(html, "demo-1.0-py3-none-any.whl"); }), "not-a-zip");
  const std::string whole = demo().bytes();
  const auto half = directory.write("half.whl", whole.substr(0, whole.size() / 2));
  EXPECT_EQ(code_of([&] { inspect_wheel(half, "demo-1.0-py3-none-any.whl"); }), "truncated");
}

TEST(InspectWheel, AcceptsALocalLabelThatOnlyTheFileNameHas) {
  EXPECT_EQ(inspected(demo(), "demo-1.0+cu122torch2.4-py3-none-any.whl"), "");
  EXPECT_EQ(inspected(demo(), "demo-1.1+cu122torch2.4-py3-none-any.whl"), "name-mismatch");
  EXPECT_EQ(inspected(demo(), "other-1.0-py3-none-any.whl"), "name-mismatch");
  EXPECT_EQ(inspected(demo(), "demo.whl"), "file-name");
}

TEST(InspectWheel, WarnsOfANewerMinorFormat) {
  const wheelfit::test::TempDir directory;
  const WheelBuilder wheel = demo().wheel_version("1.9");
  EXPECT_EQ(inspect_wheel(wheel.write_to(directory.path()), wheel.file_name()).warnings.size(), 1U);
}

}  // namespace
}  // namespace wheelfit::install::test
