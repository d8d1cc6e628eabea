// SPDX-License-Identifier: Apache-2.0
#include "system/content_range.hpp"

#include <gtest/gtest.h>

namespace wheelfit::system {
namespace {

TEST(ContentRangeHeader, ReadsFirstLastAndTotal) {
  EXPECT_EQ(parse_content_range("bytes 5-9/10"), (ContentRange{5, 9, 10}));
  EXPECT_EQ(parse_content_range("bytes 0-0/*"), (ContentRange{0, 0, std::nullopt}));
}

TEST(ContentRangeHeader, RefusesWhatContradictsItself) {
  for (const char* wrong :
       {"", "bytes", "bytes 5-9", "bytes 9-5/10", "bytes 5-10/10", "bytes */10", "items 5-9/10",
        "bytes 5-9/x", "bytes -9/10", "bytes 5-/10", "bytes 5-9/10 ", "bytes 5-9/", "bytes 5/9-10",
        "bytes +5-9/10", "bytes 0-18446744073709551616/18446744073709551617"})
    EXPECT_EQ(parse_content_range(wrong), std::nullopt) << wrong;
}

}  // namespace
}  // namespace wheelfit::system
