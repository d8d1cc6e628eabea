// SPDX-License-Identifier: Apache-2.0
#include "fetch/byte_set.hpp"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wheelfit::fetch {
namespace {

using testing::ElementsAre;

TEST(ByteSet, JoinsWhatTouches) {
  ByteSet set;
  set.add({10, 20});
  set.add({30, 40});
  EXPECT_EQ(set.contiguous(), 0U);
  set.add({20, 30});
  EXPECT_THAT(set.spans(), ElementsAre(ByteSpan{10, 40}));
  set.add({0, 10});
  set.add({5, 5});
  EXPECT_EQ(set.contiguous(), 40U);
  EXPECT_EQ(set.total(), 40U);
}

TEST(ByteSet, FindsTheFirstGap) {
  ByteSet set;
  EXPECT_EQ(set.gap(0, 100), (ByteSpan{0, 100}));
  set.add({0, 10});
  set.add({20, 30});
  EXPECT_EQ(set.gap(0, 100), (ByteSpan{10, 20}));
  EXPECT_EQ(set.gap(5, 15), (ByteSpan{10, 15}));
  EXPECT_EQ(set.gap(25, 100), (ByteSpan{30, 100}));
  EXPECT_EQ(set.gap(22, 30), std::nullopt);
}

TEST(ByteSet, AgreesWithATableOfBytes) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    ByteSet set;
    std::vector<bool> table(64);
    for (int step = 0; step < 12; ++step) {
      const std::uint64_t first = random() % 64;
      const std::uint64_t end = std::min<std::uint64_t>(64, first + random() % 12);
      set.add({first, end});
      for (std::uint64_t i = first; i < end; ++i) table[i] = true;
    }
    std::vector<bool> shown(64);
    for (const ByteSpan& span : set.spans()) {
      for (std::uint64_t i = span.first; i < span.end; ++i) shown[i] = true;
    }
    EXPECT_EQ(shown, table);
    EXPECT_EQ(set.total(), static_cast<std::uint64_t>(std::count(table.begin(), table.end(), true)));
    const auto gap = std::find(table.begin(), table.end(), false) - table.begin();
    EXPECT_EQ(set.contiguous(), static_cast<std::uint64_t>(gap));
  }
}

}  // namespace
}  // namespace wheelfit::fetch
