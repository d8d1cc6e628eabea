// SPDX-License-Identifier: Apache-2.0
#include "fetch/source_choice.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wheelfit::fetch {
namespace {

using Standing = SourceState::Standing;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint64_t much = 200'000'000;
constexpr double long_ago = 100;

SourceState untried() { return {}; }
SourceState asked(double quiet) { return {Standing::asked, quiet, 0, 0, 1, 16}; }
SourceState flowing(double seconds, double bytes_per_second, int connections = 1) {
  return {Standing::answering, 0, seconds, bytes_per_second, connections, 16};
}
SourceState in(Standing standing) { return {standing, 10, 0, 0, 0, 16}; }

TEST(SourceChoice, BeginsWithTheFirst) { EXPECT_EQ(advise({untried(), untried()}, long_ago, much).join, 0U); }

TEST(SourceChoice, AsksTheNextWhileTheFirstIsStillAwaited) {
  EXPECT_EQ(advise({asked(0.1), untried()}, 0.1, much).join, std::nullopt);
  EXPECT_EQ(advise({asked(0.4), untried()}, 0.4, much).join, 1U);
  EXPECT_EQ(advise({asked(0.8), asked(0.1), untried()}, 0.1, much).join, std::nullopt);
  EXPECT_EQ(advise({asked(1.1), asked(0.4), untried()}, 0.4, much).join, 2U);
}

TEST(SourceChoice, PassesOverWhatHasFailedAtOnce) {
  EXPECT_EQ(advise({in(Standing::failed), untried()}, 0.01, much).join, 1U);
  EXPECT_EQ(advise({in(Standing::pausing), untried()}, 0.01, much).join, 1U);
}

TEST(SourceChoice, LeavesAGoodSourceAlone) {
  EXPECT_EQ(advise({flowing(2, 25e6), untried()}, 2, much).join, std::nullopt);
}

TEST(SourceChoice, AsksTheNextBesideATrickle) {
  EXPECT_EQ(advise({flowing(0.3, 1e5), untried()}, 0.3, much).join, std::nullopt);
  EXPECT_EQ(advise({flowing(0.6, 1e5), untried()}, 0.6, much).join, 1U);
  EXPECT_EQ(advise({flowing(0.6, 1e5), untried()}, 0.6, 10'000).join, std::nullopt) << "done in a moment";
}

TEST(SourceChoice, AsksTheNextWhereItTakesLong) {
  EXPECT_EQ(advise({flowing(4, 4e6), untried()}, 4, much).join, 1U);
  EXPECT_EQ(advise({flowing(4, 40e6), untried()}, 4, much).join, std::nullopt);
}

TEST(SourceChoice, AsksTheNextWhenTheOldOneFallsSilent) {
  SourceState silent = flowing(30, 0);
  silent.quiet = 2;
  EXPECT_EQ(advise({silent, untried()}, 30, much).join, 1U);
}

TEST(SourceChoice, LeavesWhoIsMuchSlower) {
  EXPECT_THAT(advise({flowing(2, 2e5), flowing(1, 20e6)}, 1, much).leave, ElementsAre(0U));
  EXPECT_THAT(advise({flowing(2, 4e6), flowing(1, 20e6)}, 1, much).leave, IsEmpty());
  EXPECT_THAT(advise({flowing(2, 2e5), flowing(0.1, 20e6)}, 1, much).leave, IsEmpty()) << "too early to say";
  EXPECT_THAT(advise({flowing(2, 16e6, 8), flowing(1, 20e6)}, 1, much).leave, ElementsAre(0U))
      << "what each connection brings is compared";
}

TEST(SourceChoice, ComesBackToWhomItLeft) {
  SourceState silent = flowing(30, 0);
  silent.quiet = 2;
  EXPECT_EQ(advise({in(Standing::left), silent}, long_ago, much).join, 0U);
  EXPECT_EQ(advise({in(Standing::left), flowing(3, 20e6)}, long_ago, much).join, std::nullopt);
}

TEST(SourceChoice, GivesMoreConnectionsToTheFastest) {
  EXPECT_EQ(source_for_more({flowing(2, 5e6), flowing(2, 20e6)}), 1U);
  EXPECT_EQ(source_for_more({flowing(2, 30e6, 6), flowing(2, 20e6)}), 1U);
  EXPECT_EQ(source_for_more({asked(1), in(Standing::failed)}), std::nullopt);
}

TEST(SourceChoice, GivesNoSourceMoreThanItAllows) {
  SourceState full = flowing(2, 20e6);
  full.most = 1;
  EXPECT_EQ(source_for_more({full, flowing(2, 1e6)}), 1U);
  EXPECT_EQ(source_for_more({full}), std::nullopt);
}

TEST(SourceChoice, GivesWhoCameLateOneConnection) {
  SourceState late{Standing::answering, 0, 0, 0, 0, 16};
  EXPECT_EQ(source_for_more({late, flowing(2, 20e6)}), 0U);
}

}  // namespace
}  // namespace wheelfit::fetch
