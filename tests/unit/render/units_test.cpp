// SPDX-License-Identifier: Apache-2.0
#include "render/units.hpp"

#include <gmock/gmock.h>

namespace wheelfit::render {
namespace {

TEST(Bytes, AreDecimalWithThreeDigitsAtMost) {
  EXPECT_EQ(bytes_text(0), "0 B");
  EXPECT_EQ(bytes_text(999), "999 B");
  EXPECT_EQ(bytes_text(1000), "1.0 kB");
  EXPECT_EQ(bytes_text(9'400), "9.4 kB");
  EXPECT_EQ(bytes_text(999'600), "1.0 MB");
  EXPECT_EQ(bytes_text(182'930'000), "183 MB");
  EXPECT_EQ(bytes_text(1'240'000'000), "1.2 GB");
  EXPECT_EQ(bytes_text(18'446'744'073'709'551'615U), "18446744 TB");
}

TEST(Speed, IsNeverNegative) {
  EXPECT_EQ(speed_text(15'000'000), "15 MB/s");
  EXPECT_EQ(speed_text(-1), "0 B/s");
}

TEST(Duration, UsesTheUnitThatReadsBest) {
  EXPECT_EQ(duration_text(0.42).english(), "0.4 s");
  EXPECT_EQ(duration_text(2.08).english(), "2.1 s");
  EXPECT_EQ(duration_text(9.97).english(), "10 s");
  EXPECT_EQ(duration_text(59.7).english(), "1 min 0 s");
  EXPECT_EQ(duration_text(192).english(), "3 min 12 s");
  EXPECT_EQ(duration_text(3900).english(), "1 h 5 min");
  EXPECT_EQ(duration_text(-3).english(), "0.0 s");
}

TEST(Plural, IsForEverythingButOne) {
  const Text one = "file";
  const Text many = "files";
  EXPECT_EQ(plural(1, one, many), one);
  EXPECT_EQ(plural(0, one, many), many);
  EXPECT_EQ(plural(2, one, many), many);
}

}  // namespace
}  // namespace wheelfit::render
