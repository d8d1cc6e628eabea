// SPDX-License-Identifier: Apache-2.0
#include "fetch/piece_plan.hpp"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wheelfit::fetch {
namespace {

constexpr std::uint64_t megabyte = 1U << 20U;

TEST(PiecePlan, GivesOutTheFileFromItsBeginning) {
  PiecePlan plan({}, 10 * megabyte);
  EXPECT_EQ(plan.assign(1, 4 * megabyte, 0), (ByteSpan{0, 4 * megabyte}));
  EXPECT_EQ(plan.assign(2, 2 * megabyte, 0), (ByteSpan{4 * megabyte, 6 * megabyte}));
  EXPECT_EQ(plan.unassigned(), 4 * megabyte);
  EXPECT_EQ(plan.received(1, megabyte), megabyte);
  EXPECT_EQ(plan.left(1), (ByteSpan{megabyte, 4 * megabyte}));
  plan.release(1);  // what it had left is the first that is given out again
  EXPECT_EQ(plan.assign(3, 4 * megabyte, 0), (ByteSpan{megabyte, 4 * megabyte}));
}

TEST(PiecePlan, LeavesNoLittleRest) {
  PiecePlan plan({}, 10 * megabyte);
  EXPECT_EQ(plan.assign(1, 9 * megabyte, 0), (ByteSpan{0, 10 * megabyte}));
}

TEST(PiecePlan, GoesOnBetweenWhatIsHere) {
  ByteSet here;
  here.add({0, 5});
  here.add({8, 10});
  PiecePlan plan(here, 20);
  EXPECT_EQ(plan.missing(), 13U);
  EXPECT_EQ(plan.assign(1, megabyte, 0), (ByteSpan{5, 8}));
  EXPECT_EQ(plan.assign(2, megabyte, 0), (ByteSpan{10, 20}));
  EXPECT_EQ(plan.assign(3, megabyte, 0), std::nullopt) << "too little to share";
}

TEST(PiecePlan, SharesTheRestByTheSpeeds) {
  PiecePlan plan({}, 8 * megabyte);
  plan.assign(1, 8 * megabyte, 0);
  plan.set_pace(1, {1e6, false});
  EXPECT_EQ(plan.assign(2, megabyte, 1e6), (ByteSpan{4 * megabyte, 8 * megabyte}));
  EXPECT_EQ(plan.left(1), (ByteSpan{0, 4 * megabyte}));
  EXPECT_EQ(plan.received(1, 5 * megabyte), 4 * megabyte) << "what is another's is not wanted";
}

TEST(PiecePlan, TakesEverythingFromWhoCrawls) {
  PiecePlan plan({}, 8 * megabyte);
  plan.assign(1, 8 * megabyte, 0);
  plan.set_pace(1, {1e4, false});
  EXPECT_EQ(plan.assign(2, megabyte, 1e7), (ByteSpan{0, 8 * megabyte}));
  EXPECT_TRUE(plan.left(1).empty());
}

TEST(PiecePlan, GivesHalfToWhoIsNewAndNotYetKnown) {
  PiecePlan plan({}, 4'000'000);
  plan.assign(1, 4'000'000, 0);
  plan.set_pace(1, {100'000, false});
  const auto taken = plan.assign(2, 4'000'000, 0);
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->length(), 2'000'000U);
}

// Else two who are free would rob each other in turn, each time with a request.
TEST(PiecePlan, TakesNothingFromWhoHasJustBegun) {
  PiecePlan plan({}, 8 * megabyte);
  plan.assign(1, 8 * megabyte, 1e4);
  EXPECT_EQ(plan.assign(2, megabyte, 1e7), std::nullopt);
  plan.set_pace(1, {0, false, true});
  EXPECT_EQ(plan.assign(2, megabyte, 1e7), std::nullopt);
  plan.set_pace(1, {0, false, false});
  EXPECT_EQ(plan.assign(2, megabyte, 1e7), (ByteSpan{0, 8 * megabyte}));
  EXPECT_EQ(plan.assign(3, megabyte, 1e7), std::nullopt);
}

TEST(PiecePlan, LeavesWhatIsDoneInAMoment) {
  PiecePlan plan({}, 8 * megabyte);
  plan.assign(1, 8 * megabyte, 0);
  plan.set_pace(1, {1e9, false});
  EXPECT_EQ(plan.assign(2, megabyte, 1e9), std::nullopt);
}

TEST(PiecePlan, TakesNothingThatIsDoneBeforeAnAnswerComes) {
  PiecePlan plan({}, 8 * megabyte);
  plan.assign(1, 8 * megabyte, 0);
  plan.set_pace(1, {4 * megabyte, false});
  EXPECT_EQ(plan.assign(2, megabyte, 4 * megabyte, 2), std::nullopt)
      << "two seconds are left, and two to wait";
  EXPECT_NE(plan.assign(2, megabyte, 4 * megabyte, 1), std::nullopt);
}

TEST(PiecePlan, BeginsWithTheWorkOfWhoStandsStill) {
  PiecePlan plan({}, 100 * megabyte);
  plan.assign(1, 4 * megabyte, 0);
  plan.set_pace(1, {0, true});
  EXPECT_EQ(plan.assign(2, megabyte, 1e7), (ByteSpan{0, 4 * megabyte}));
  EXPECT_TRUE(plan.left(1).empty());
}

TEST(PiecePlan, WhoAnswersFirstBringsWhatTwoHaveAskedFor) {
  PiecePlan plan({}, megabyte);
  const ByteSpan range = *plan.assign(1, megabyte, 0);
  plan.set_pace(1, {0, true, true});
  EXPECT_EQ(plan.assign(2, megabyte, 0), range);
  EXPECT_TRUE(plan.left(1).empty());
  EXPECT_TRUE(plan.take_back(1, range)) << "the second is awaited, too";
  EXPECT_EQ(plan.left(1), range);
  EXPECT_TRUE(plan.left(2).empty());
  EXPECT_EQ(plan.received(1, 1000), 1000U);
  EXPECT_FALSE(plan.take_back(2, range)) << "the first brings it";
}

TEST(PiecePlan, WhatAnotherBringsOrHasOnlyAPartOfIsNotTakenBack) {
  PiecePlan plan({}, megabyte);
  const ByteSpan range = *plan.assign(1, megabyte, 0);
  plan.set_pace(1, {0, true, true});
  plan.assign(2, megabyte, 0);
  EXPECT_FALSE(plan.take_back(1, {range.first + 1, range.end})) << "begins elsewhere";
  EXPECT_FALSE(plan.take_back(1, {range.first, range.end - 1})) << "ends before";
  plan.received(2, 1);
  EXPECT_FALSE(plan.take_back(1, range));
}

TEST(PiecePlan, KnowsNoEndWithoutASize) {
  PiecePlan plan;
  EXPECT_EQ(plan.assign(1, megabyte, 0), (ByteSpan{0, megabyte}));
  EXPECT_FALSE(plan.complete());
  plan.set_size(100);
  EXPECT_EQ(plan.left(1), (ByteSpan{0, 100}));
  plan.received(1, 100);
  EXPECT_TRUE(plan.complete());
}

// Whoever works at whatever speed, stands still or goes away: every byte arrives, and none is wanted twice.
TEST(PiecePlan, CompletesWithAnyWorkers) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    const std::uint64_t size = 1 + random() % (40 * megabyte);
    PiecePlan plan({}, size);
    std::uint64_t wanted = 0;
    int steps = 0;
    while (!plan.complete() && ++steps < 20'000) {
      const Worker worker = random() % 8;
      plan.set_pace(worker, {static_cast<double>(random() % 10'000'000), random() % 8 == 0});
      if (plan.left(worker).empty()) {
        plan.release(worker);
        plan.assign(worker, megabyte + random() % (4 * megabyte), 1e6);
      } else if (random() % 16 == 0) {
        plan.release(worker);
      } else {
        wanted += plan.received(worker, random() % megabyte);
      }
    }
    EXPECT_TRUE(plan.complete()) << "seed " << seed;
    EXPECT_EQ(wanted, size) << "seed " << seed;
  }
}

}  // namespace
}  // namespace wheelfit::fetch
