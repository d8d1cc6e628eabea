// SPDX-License-Identifier: Apache-2.0
#include "diagnose/holding.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wheelfit::diagnose {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Holding holding(HoldingKind kind, std::uint64_t frees, std::uint64_t device = 1) {
  return {kind, {"/there"}, 1, frees, frees, device, "ext4"};
}

std::vector<HoldingKind> kinds(const FreeChoice& choice) {
  std::vector<HoldingKind> all;
  for (const Holding& each : choice.taken) all.push_back(each.kind);
  return all;
}

const std::vector<Holding> some{holding(HoldingKind::temporary, 10), holding(HoldingKind::apt_lists, 20),
                                holding(HoldingKind::pip_http, 30, 2),
                                holding(HoldingKind::store_wheels, 40)};

TEST(FreeChoiceTest, TakesFromTheFrontUntilItIsEnough) {
  EXPECT_THAT(choose(some, 0, {}, Doers::anyone).taken, IsEmpty());
  EXPECT_THAT(kinds(choose(some, 10, {}, Doers::anyone)), ElementsAre(HoldingKind::temporary));
  const FreeChoice choice = choose(some, 11, {}, Doers::anyone);
  EXPECT_THAT(kinds(choice), ElementsAre(HoldingKind::temporary, HoldingKind::apt_lists));
  EXPECT_EQ(choice.frees, 30U);
  EXPECT_EQ(choice.reachable, 100U);
}

TEST(FreeChoiceTest, SaysHowMuchIsReachableWhereItIsNotEnough) {
  const FreeChoice choice = choose(some, 1000, {}, Doers::anyone);
  EXPECT_EQ(choice.taken.size(), some.size());
  EXPECT_EQ(choice.frees, 100U);
  EXPECT_EQ(choice.reachable, 100U);
}

TEST(FreeChoiceTest, OtherFilesystemsDoNotCount) {
  EXPECT_THAT(kinds(choose(some, 1000, 2, Doers::anyone)), ElementsAre(HoldingKind::pip_http));
}

TEST(FreeChoiceTest, WheelfitItselfGivesUpCachesAlone) {
  EXPECT_THAT(kinds(choose(some, 1000, {}, Doers::wheelfit)),
              ElementsAre(HoldingKind::temporary, HoldingKind::pip_http, HoldingKind::store_wheels));
  EXPECT_EQ(freed_by(HoldingKind::bytecode), FreedBy::user);
  EXPECT_EQ(freed_by(HoldingKind::apt_archives), FreedBy::administrator);
}

TEST(BlockCountTest, AFileOfTwoNamesIsFreedWithTheLast) {
  BlockCount count;
  Holding store = holding(HoldingKind::store_wheels, 0);
  Holding pip = holding(HoldingKind::pip_wheels, 0);
  store.files = pip.files = 0;
  store.bytes = pip.bytes = 0;
  const system::WalkedFile shared{1, 7, 2, 4096, 0};
  count.add(store, shared);
  count.add(store, {1, 8, 1, 8192, 0});
  count.add(pip, shared);
  EXPECT_EQ(store.bytes, 12288U);
  EXPECT_EQ(store.frees, 8192U);
  EXPECT_EQ(pip.bytes, 0U);
  EXPECT_EQ(pip.frees, 4096U);
  EXPECT_EQ(pip.files, 1U);
}

TEST(BlockCountTest, AFileThatSomebodyElseNamesTooFreesNothing) {
  BlockCount count;
  Holding uv = holding(HoldingKind::uv_cache, 0);
  uv.bytes = 0;
  count.add(uv, {1, 7, 2, 4096, 0});
  EXPECT_EQ(uv.bytes, 4096U);
  EXPECT_EQ(uv.frees, 0U);
}

TEST(CommandForTest, QuotesAndAsksTheAdministratorOnlyWhereItMust) {
  Holding pip = holding(HoldingKind::pip_http, 1);
  pip.paths = {"/a b/http", "/c/it's"};
  EXPECT_EQ(command_for(pip, false), "rm -rf '/a b/http' '/c/it'\\''s'");
  EXPECT_EQ(command_for(holding(HoldingKind::apt_archives, 1), false), "sudo apt-get clean");
  EXPECT_EQ(command_for(holding(HoldingKind::apt_archives, 1), true), "apt-get clean");
  EXPECT_EQ(command_for(holding(HoldingKind::apt_lists, 1), true), "find /there -type f -delete");
  EXPECT_EQ(command_for(holding(HoldingKind::bytecode, 1), true),
            "find /there -type d -name __pycache__ -prune -exec rm -rf {} +");
}

}  // namespace
}  // namespace wheelfit::diagnose
