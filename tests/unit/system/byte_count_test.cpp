// SPDX-License-Identifier: Apache-2.0
#include "system/byte_count.hpp"

#include <gtest/gtest.h>

namespace wheelfit::system {
namespace {

TEST(ByteCountTest, ReadsSizesAsTheyAreWritten) {
  EXPECT_EQ(parse_byte_count("0"), 0U);
  EXPECT_EQ(parse_byte_count("123"), 123U);
  EXPECT_EQ(parse_byte_count("123B"), 123U);
  EXPECT_EQ(parse_byte_count("5G"), 5'000'000'000U);
  EXPECT_EQ(parse_byte_count("5GB"), 5'000'000'000U);
  EXPECT_EQ(parse_byte_count("5 gb"), 5'000'000'000U);
  EXPECT_EQ(parse_byte_count("1.5MB"), 1'500'000U);
  EXPECT_EQ(parse_byte_count("500MiB"), 500U << 20U);
  EXPECT_EQ(parse_byte_count("2Ki"), 2048U);
  EXPECT_EQ(parse_byte_count("1T"), 1'000'000'000'000U);
}

TEST(ByteCountTest, RefusesWhatIsNone) {
  for (const char* wrong : {"", "G", "5X", "5GBs", "-5", "5 G B", "nan", "inf", "1e3", "5i", "99999999999T"})
    EXPECT_EQ(parse_byte_count(wrong), std::nullopt) << wrong;
}

}  // namespace
}  // namespace wheelfit::system
