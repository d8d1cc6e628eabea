// SPDX-License-Identifier: Apache-2.0
#include "install/companions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wheelfit::install {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Rows = std::vector<std::string>;

class Shelf final : public Supply {
 public:
  // Given newest first.
  Shelf& has(const std::string& name, const std::string& version, Rows requires_dist = {}) {
    wheels_[name].push_back({python::Version::parse(version).value(), std::move(requires_dist)});
    return *this;
  }
  std::vector<python::Version> versions(const std::string& name) override {
    std::vector<python::Version> versions;
    for (const auto& wheel : wheels_[name]) versions.push_back(wheel.first);
    return versions;
  }
  void expect(const std::vector<std::string>& names) override { expected.insert(names.begin(), names.end()); }
  void expect(const std::map<std::string, std::size_t>& offers) override {
    for (const auto& [name, offer] : offers) expected.insert(name + " " + std::to_string(offer));
  }
  std::set<std::string> expected;
  Text remark(const std::string& name) override { return text("{} is not on the shelf", name); }
  Rows requires_dist(const std::string& name, std::size_t offer) override {
    return wheels_.at(name)[offer].second;
  }

 private:
  std::map<std::string, std::vector<std::pair<python::Version, Rows>>> wheels_;
};

const Premises bare{
    python::linux_marker_environment("3.11.7", "x86_64"), {{"torch", "2.4.0+cu121"}}, {"torch"}};

// "einops 0.8.0", ...
Rows found(const Companions& companions, Shelf& shelf) {
  Rows rows;
  for (const Companion& companion : companions.found)
    rows.push_back(companion.name + " " + shelf.versions(companion.name)[companion.offer].to_string());
  return rows;
}

TEST(Companions, AreWhatIsMissingDownToTheLast) {
  Shelf shelf;
  shelf.has("a", "2.0", {"Deep_Down>=1", "torch"}).has("a", "1.0");
  shelf.has("deep-down", "1.5").has("deep-down", "0.9");
  shelf.has("colorama", "1").has("pytest", "8");
  const Companions companions = find_companions(
      "demo", {"torch==2.4.0", "A", "colorama; sys_platform == 'win32'", "pytest; extra == 'test'"}, bare,
      shelf);
  EXPECT_THAT(found(companions, shelf), ElementsAre("a 2.0", "deep-down 1.5"));
  EXPECT_THAT(shelf.expected, ElementsAre("a", "a 0", "deep-down", "deep-down 0"));
  EXPECT_THAT(companions.found[0].required_by, ElementsAre("demo"));
  EXPECT_THAT(companions.found[1].required_by, ElementsAre("a"));
  EXPECT_THAT(companions.lacking, IsEmpty());
  EXPECT_THAT(companions.conflicts, IsEmpty());
}

TEST(Companions, WhatIsInstalledIsNotAmongThemAndNotMoved) {
  Shelf shelf;
  shelf.has("numpy", "2.1");
  Premises premises = bare;
  premises.installed["numpy"] = "1.26.4";
  EXPECT_THAT(find_companions("demo", {"numpy>=1.20"}, premises, shelf).found, IsEmpty());
  const Companions companions = find_companions("demo", {"numpy>=2"}, premises, shelf);
  ASSERT_EQ(companions.conflicts.size(), 1U);
  EXPECT_THAT(companions.conflicts[0].reason.english(), HasSubstr("numpy 1.26.4 is installed"));
}

TEST(Companions, TheNewestGivesWayToOneThatMovesNothing) {
  Shelf shelf;
  shelf.has("a", "3.0", {"numpy>=2"}).has("a", "2.0", {"torch>=2.6"}).has("a", "1.0", {"numpy>=1"});
  Premises premises = bare;
  premises.installed["numpy"] = "1.26.4";
  EXPECT_THAT(found(find_companions("demo", {"a"}, premises, shelf), shelf), ElementsAre("a 1.0"));
  const Companions none = find_companions("demo", {"a>=2"}, premises, shelf);
  ASSERT_EQ(none.lacking.size(), 1U);
  EXPECT_THAT(none.lacking[0].reason.english(), AnyOf(HasSubstr("torch"), HasSubstr("numpy")));
}

TEST(Companions, EveryRequirementOfANameCounts) {
  Shelf shelf;
  shelf.has("a", "1", {"shared<2"}).has("b", "1", {"shared>=1.1"});
  shelf.has("shared", "2.0").has("shared", "1.2").has("shared", "1.0");
  const Companions companions = find_companions("demo", {"a", "b", "shared"}, bare, shelf);
  EXPECT_THAT(found(companions, shelf), ElementsAre("a 1", "b 1", "shared 1.2"));
  EXPECT_THAT(companions.found[2].required_by, ElementsAre("a", "b", "demo"));
}

TEST(Companions, ExtrasThatAreAskedForApply) {
  Shelf shelf;
  shelf.has("a", "1", {"more; extra == 'full'", "never; extra == 'other'"})
      .has("more", "1")
      .has("never", "1");
  EXPECT_THAT(found(find_companions("demo", {"a[full]"}, bare, shelf), shelf), ElementsAre("a 1", "more 1"));
}

TEST(Companions, PreReleasesOnlyWhereThereIsNothingElse) {
  Shelf shelf;
  shelf.has("a", "2.0rc1").has("a", "1.0").has("b", "1.0a1");
  EXPECT_THAT(found(find_companions("demo", {"a", "b"}, bare, shelf), shelf),
              ElementsAre("a 1.0", "b 1.0a1"));
}

TEST(Companions, ARingOfRequirementsEnds) {
  Shelf shelf;
  shelf.has("a", "1", {"b", "demo"}).has("b", "1", {"a"});
  EXPECT_THAT(found(find_companions("Demo", {"a"}, bare, shelf), shelf), ElementsAre("a 1", "b 1"));
}

TEST(Companions, WhatCannotBeHadIsSaid) {
  Shelf shelf;
  shelf.has("a", "1");
  const Companions companions =
      find_companions("demo", {"gone>=1", "a>=2", "x @ https://files.example/x.whl", "??"}, bare, shelf);
  ASSERT_EQ(companions.lacking.size(), 3U);
  EXPECT_THAT(companions.lacking[0].reason.english(), HasSubstr("address"));
  EXPECT_EQ(companions.lacking[1].requirement, "a>=2");
  EXPECT_EQ(companions.lacking[2].reason.english(), "gone is not on the shelf");
  EXPECT_EQ(companions.unreadable.size(), 1U);
}

TEST(Companions, TorchIsNeverBrought) {
  Shelf shelf;
  shelf.has("torch", "2.6.0").has("a", "1", {"torch"});
  Premises premises = bare;
  premises.installed.clear();
  const Companions companions = find_companions("demo", {"torch", "a"}, premises, shelf);
  EXPECT_THAT(companions.found, IsEmpty());
  ASSERT_EQ(companions.conflicts.size(), 1U);
  EXPECT_EQ(companions.conflicts[0].name, "torch");
  ASSERT_EQ(companions.lacking.size(), 1U);
  EXPECT_THAT(companions.lacking[0].reason.english(), HasSubstr("torch is not installed"));
}

}  // namespace
}  // namespace wheelfit::install
