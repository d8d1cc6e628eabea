// SPDX-License-Identifier: Apache-2.0
#include "base/at_once.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <barrier>
#include <stdexcept>
#include <thread>
#include <vector>

namespace wheelfit {
namespace {

TEST(AtOnce, DoesEverythingOnce) {
  std::vector<std::atomic<int>> done(1000);
  at_once(done.size(), [&](std::size_t i) { ++done[i]; });
  for (const auto& each : done) EXPECT_EQ(each, 1);
  at_once(0, [](std::size_t) { FAIL(); });
}

// The barrier opens only where that many wait side by side.
TEST(AtOnce, WorksSideBySide) {
  std::barrier all(4);
  at_once(4, [&](std::size_t) { all.arrive_and_wait(); }, 4);
}

TEST(AtOnce, NeverMoreThanItsWidth) {
  std::atomic<int> now = 0;
  std::atomic<int> most = 0;
  at_once(
      200,
      [&](std::size_t) {
        const int running = ++now;
        for (int seen = most; running > seen && !most.compare_exchange_weak(seen, running);) {
        }
        std::this_thread::yield();
        --now;
      },
      3);
  EXPECT_LE(most, 3);
}

TEST(AtOnce, OneAloneStaysWithTheCaller) {
  std::thread::id who;
  at_once(1, [&](std::size_t) { who = std::this_thread::get_id(); });
  EXPECT_EQ(who, std::this_thread::get_id());
}

TEST(AtOnce, ThrowsWhatFailedFirstAndBeginsNoMore) {
  std::atomic<int> begun = 0;
  const auto fail = [&](std::size_t i) {
    ++begun;
    if (i == 2) throw std::runtime_error("two");
  };
  EXPECT_THROW(at_once(1'000'000, fail, 1), std::runtime_error);
  EXPECT_EQ(begun, 3);
  EXPECT_THROW(at_once(100, fail), std::runtime_error);
}

}  // namespace
}  // namespace wheelfit
