// SPDX-License-Identifier: Apache-2.0
#include "pipcache/habits.hpp"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipcache/format_control.hpp"
#include "support/temp_dir.hpp"
#include "system/access.hpp"

namespace wheelfit::pipcache {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

PipUse use_of(const char* pip) {
  PipUse use;
  use.pip = python::Version::parse(pip).value();
  use.package = "some-pkg";
  return use;
}

std::vector<HabitCode> codes(const PipUse& use) {
  std::vector<HabitCode> list;
  for (const HabitReason& reason : habits_of(use).reasons) list.push_back(reason.code);
  return list;
}

TEST(Habits, OfAnUnboundPipAreToUseItsCache) {
  for (const char* pip : {"10.0.1", "20.0", "22.3.1", "23.1", "26.3"}) {
    EXPECT_TRUE(habits_of(use_of(pip)).will_be_used) << pip;
    EXPECT_THAT(codes(use_of(pip)), IsEmpty()) << pip;
  }
}

TEST(Habits, EveryReasonHasItsSource) {
  PipUse use = use_of("22.0");
  use.no_cache_dir = {"false", "PIP_NO_CACHE_DIR"};
  use.no_binary = {{":all:", "/etc/pip.conf"}};
  use.require_hashes = {true, "PIP_REQUIRE_HASHES"};
  use.command = PipCommand::download;
  use.form = RequestForm::bare_address;
  const Habits habits = habits_of(use);
  EXPECT_FALSE(habits.will_be_used);
  EXPECT_THAT(codes(use), ElementsAre(HabitCode::no_cache, HabitCode::no_binary, HabitCode::require_hashes,
                                      HabitCode::download, HabitCode::unnamed));
  for (const HabitReason& reason : habits.reasons) {
    EXPECT_FALSE(reason.source.empty()) << to_string(reason.code);
    EXPECT_FALSE(reason.text.english().empty()) << to_string(reason.code);
  }
  EXPECT_EQ(habits.reasons[0].text.english(), "PIP_NO_CACHE_DIR turns pip's cache off, whatever its value");
}

TEST(Habits, ChangedWithTheReleases) {
  PipUse use = use_of("23.0");
  use.no_binary = {{"some_pkg", "PIP_NO_BINARY"}};
  use.require_hashes = {true, "--require-hashes"};
  EXPECT_THAT(codes(use), ElementsAre(HabitCode::no_binary, HabitCode::require_hashes));
  use.pip = python::Version::parse("23.1").value();
  EXPECT_THAT(codes(use), IsEmpty());
  use = use_of("26.1");
  use.form = RequestForm::local_directory;
  EXPECT_THAT(codes(use), IsEmpty());
  use.pip = python::Version::parse("26.2").value();
  EXPECT_THAT(codes(use), ElementsAre(HabitCode::directory));
}

TEST(Habits, OnlyBinaryMattersToWhatComesFromAnIndex) {
  PipUse use = use_of("26.3");
  use.only_binary = {{":all:", "PIP_ONLY_BINARY"}};
  EXPECT_THAT(codes(use), ElementsAre(HabitCode::only_binary));
  use.form = RequestForm::named_repository;
  EXPECT_THAT(codes(use), IsEmpty());
}

TEST(Habits, SayWhatTheReleaseChecks) {
  EXPECT_FALSE(habits_of(use_of("20.2.4")).checks_version);
  EXPECT_TRUE(habits_of(use_of("20.3")).checks_version);
  EXPECT_FALSE(habits_of(use_of("22.1")).reads_origin);
  EXPECT_TRUE(habits_of(use_of("22.2")).reads_origin);
  PipUse use = use_of("24.0");
  use.legacy_resolver = {true, "PIP_USE_DEPRECATED"};
  EXPECT_FALSE(habits_of(use).checks_version);
}

TEST(Habits, ComeFromTheSettings) {
  probe::InstallerSettings settings;
  settings.no_cache_dir = {"0", "PIP_NO_CACHE_DIR"};
  EXPECT_THAT(codes(pip_use(settings, "some-pkg")), ElementsAre(HabitCode::no_cache));
  settings.pip_version = {python::Version::parse("9.0.3").value(), "pip-9.0.3.dist-info"};
  EXPECT_EQ(pip_use(settings, "some-pkg").pip.to_string(), "9.0.3");
}

std::string formats(const std::vector<Fact<std::string>>& no_binary,
                    const std::vector<Fact<std::string>>& only_binary = {}) {
  const Formats found = formats_of("some-pkg", no_binary, only_binary);
  return found.no_wheels.known() ? "no wheels" : found.no_sources.known() ? "no sources" : "both";
}

// pip's models/format_control.py
TEST(FormatControl, IsReadAsPipReadsIt) {
  EXPECT_EQ(formats({}), "both");
  EXPECT_EQ(formats({{"Some_Pkg", "x"}}), "no wheels");
  EXPECT_EQ(formats({{"a,some.pkg,b", "x"}}), "no wheels");
  EXPECT_EQ(formats({{"a,b", "x"}}), "both");
  EXPECT_EQ(formats({{":all:", "x"}}), "no wheels");
  EXPECT_EQ(formats({{":all:,:none:", "x"}}), "both");
  EXPECT_EQ(formats({{":all:", "x"}, {":none:", "y"}}), "both");
  EXPECT_EQ(formats({{":none:,:all:", "x"}}), "no wheels");
  EXPECT_EQ(formats({}, {{":all:", "x"}}), "no sources");
  EXPECT_EQ(formats({{"some-pkg", "x"}}, {{":all:", "y"}}), "no sources");
  EXPECT_EQ(formats({{":all:", "x"}}, {{"some-pkg", "y"}}), "no sources");
  EXPECT_EQ(formats({{"some-pkg", "x"}}, {{"other", "y"}}), "no wheels");
}

TEST(Owner, OfTheNearestDirectoryThatExistsCounts) {
  const test::TempDir folder;
  EXPECT_FALSE(owner_trouble(folder / "a/b/pip"));
  const std::string path = folder.path().string();
  // Root may write everywhere, and does not use what belongs to another.
  const bool is_root = system::effective_user() == 0;
  ASSERT_EQ(std::system(((is_root ? "chown 1 '" : "chmod 500 '") + path + "'").c_str()), 0);
  const auto trouble = owner_trouble(folder / "a/b/pip");
  ASSERT_EQ(std::system(((is_root ? "chown 0 '" : "chmod 700 '") + path + "'").c_str()), 0);
  ASSERT_TRUE(trouble);
  EXPECT_EQ(trouble->code, HabitCode::owner);
  EXPECT_FALSE(trouble->source.empty());
}

}  // namespace
}  // namespace wheelfit::pipcache
