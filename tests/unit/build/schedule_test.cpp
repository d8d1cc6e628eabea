// SPDX-License-Identifier: Apache-2.0
#include "build/schedule.hpp"

namespace wheelfit::build {
namespace {

constexpr std::uint64_t gigabyte = 1'000'000'000;

MemoryNow memory(std::uint64_t available, std::vector<std::uint64_t> held = {}, std::uint64_t limit = 16) {
  for (std::uint64_t& each : held) each *= gigabyte;
  return {available * gigabyte, limit * gigabyte, std::move(held)};
}
Load load(double seconds, std::uint64_t gigabytes) { return {seconds, gigabytes * gigabyte, 0, false}; }

TEST(Schedule, TheLongestFirstAndNoMoreThanTheJobs) {
  Schedule schedule({load(1, 1), load(9, 1), load(5, 1)}, 2);
  EXPECT_EQ(schedule.next(memory(16)), 1U);
  schedule.started(1);
  EXPECT_EQ(schedule.next(memory(16, {0})), 2U);
  schedule.started(2);
  EXPECT_EQ(schedule.next(memory(16, {0, 0})), std::nullopt);
  schedule.finished(1);
  EXPECT_EQ(schedule.next(memory(16, {0})), 0U);
}

TEST(Schedule, WhatMayFailSoonGoesBeforeTheLongest) {
  Schedule schedule({load(9, 1), {1, gigabyte, 0, true}}, 1);
  EXPECT_EQ(schedule.next(memory(16)), 1U);
}

TEST(Schedule, AUnitThatDoesNotFitWaitsForASmallerOne) {
  Schedule schedule({load(9, 6), load(8, 6), load(1, 1)}, 4);
  schedule.started(0);
  // 8 available, 6 of them still to be taken by the first, 1 left to others.
  EXPECT_EQ(schedule.next(memory(8, {0})), 2U);
  schedule.started(2);
  EXPECT_EQ(schedule.next(memory(8, {0, 0})), std::nullopt);
}

TEST(Schedule, WhatARunningUnitHoldsAlreadyIsNotKeptTwice) {
  Schedule schedule({load(9, 6), load(8, 6)}, 2);
  schedule.started(0);
  EXPECT_EQ(schedule.next(memory(8, {0})), std::nullopt);
  EXPECT_EQ(schedule.next(memory(8, {6})), 1U);
}

TEST(Schedule, OneUnitAlwaysRuns) {
  Schedule schedule({load(9, 60)}, 2);
  EXPECT_EQ(schedule.next(memory(1)), 0U);
}

TEST(Schedule, WhenMemoryRunsShortTheYoungestIsEndedAndRunsAloneAtTheEnd) {
  Schedule schedule({load(9, 4), load(8, 4), load(7, 4)}, 2);
  schedule.started(0);
  schedule.started(1);
  EXPECT_EQ(schedule.to_withdraw(memory(4, {4, 4})), std::nullopt);
  EXPECT_EQ(schedule.to_withdraw(memory(0, {8, 7})), 1U);
  schedule.withdrawn(1, 7 * gigabyte);
  EXPECT_TRUE(schedule.was_withdrawn(1));
  EXPECT_EQ(schedule.to_withdraw(memory(0, {15})), std::nullopt) << "never the only one";
  schedule.finished(0);
  EXPECT_EQ(schedule.next(memory(16)), 2U);
  schedule.started(2);
  EXPECT_EQ(schedule.next(memory(16, {4})), std::nullopt) << "alone means alone";
  schedule.finished(2);
  EXPECT_EQ(schedule.next(memory(16)), 1U);
  schedule.started(1);
  schedule.finished(1);
  EXPECT_TRUE(schedule.all_done());
}

TEST(Schedule, WhileOneRunsAloneNothingElseBegins) {
  Schedule schedule({load(9, 4), load(8, 1)}, 4);
  schedule.started(0);
  schedule.started(1);
  schedule.withdrawn(0, 5 * gigabyte);
  schedule.finished(1);
  schedule.started(0);
  EXPECT_EQ(schedule.next(memory(16, {1})), std::nullopt);
}

}  // namespace
}  // namespace wheelfit::build
