// SPDX-License-Identifier: Apache-2.0
#include "fetch/content_range.hpp"

#include <gtest/gtest.h>

namespace wheelfit::fetch {
namespace {

TEST(ContentRangeTest, ReadsWhatServersSend) {
  EXPECT_EQ(parse_content_range("bytes 5-9/10"), (ContentRange{5, 9, 10}));
  EXPECT_EQ(parse_content_range("bytes 0-0/*"), (ContentRange{0, 0, std::nullopt}));
  EXPECT_EQ(parse_content_range("bytes 0-5368709119/5368709120"), (ContentRange{0, 5368709119, 5368709120}));
}

TEST(ContentRangeTest, RefusesTheRest) {
  for (const char* bad :
       {"", "bytes", "bytes */10", "bytes 9-5/10", "bytes 5-10/10", "items 5-9/10", "bytes 5-9", "bytes 5-9/",
        "bytes -9/10", "bytes 5-9/10x", "bytes 99999999999999999999-1/2"}) {
    EXPECT_EQ(parse_content_range(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace wheelfit::fetch
