// SPDX-License-Identifier: Apache-2.0
#include "python/record.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wheelfit::python {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Record, IsReadWithEitherLineEnd) {
  for (const auto* text :
       {"a.py,sha256=AbC-_9,12\na-1.dist-info/RECORD,,\n", "a.py,sha256=AbC-_9,12\r\na-1.dist-info/RECORD,,",
        "a.py,sha256=AbC-_9,12\r\r\n\n\na-1.dist-info/RECORD,,\n"}) {
    EXPECT_THAT(parse_record(text).value(),
                ElementsAre(RecordEntry{"a.py", "sha256", "AbC-_9", 12},
                            RecordEntry{"a-1.dist-info/RECORD", "", "", std::nullopt}));
  }
}

TEST(Record, UnderstandsQuotes) {
  EXPECT_THAT(parse_record("\"a, \"\"b\"\".py\",\"sha256=x\",\"1\"\n").value(),
              ElementsAre(RecordEntry{"a, \"b\".py", "sha256", "x", 1}));
  EXPECT_THAT(parse_record("\"two\nlines\",,\n").value(),
              ElementsAre(RecordEntry{"two\nlines", "", "", std::nullopt}));
  EXPECT_THAT(parse_record("a\"b,,\n").value(), ElementsAre(RecordEntry{"a\"b", "", "", std::nullopt}));
}

TEST(Record, TakesPaddedHashesAndHashesWithoutSize) {
  EXPECT_THAT(parse_record("a,md5=QQ==,\n").value(),
              ElementsAre(RecordEntry{"a", "md5", "QQ", std::nullopt}));
}

TEST(Record, NamesTheLineThatIsWrong) {
  EXPECT_THAT(parse_record("a,,\nb,\n").error().message, HasSubstr("line 2"));
  EXPECT_THAT(parse_record("\"a\nb\",,\nc,,,\n").error().message, HasSubstr("line 3"));
}

class MalformedRecordTest : public testing::TestWithParam<std::string_view> {};

TEST_P(MalformedRecordTest, IsAnError) { EXPECT_FALSE(parse_record(GetParam())) << GetParam(); }

INSTANTIATE_TEST_SUITE_P(Record, MalformedRecordTest,
                         testing::Values("a", "a,", "a,,,", ",,", ",sha256=x,1", "a,sha256,1", "a,sha256=,1",
                                         "a,=x,1", "a,,x", "a,,-1", "a,,1.5", "a,,18446744073709551616",
                                         "\"a,,", "a,\"b,1\n"));

TEST(Record, IsWrittenSortedWithCrlf) {
  EXPECT_EQ(
      write_record(
          {{"b.py", "sha256", "x", 3}, {"a.py", "", "", std::nullopt}, {"a,b\"c.py", "sha256", "y", 0}}),
      "\"a,b\"\"c.py\",sha256=y,0\r\na.py,,\r\nb.py,sha256=x,3\r\n");
  EXPECT_EQ(write_record({}), "");
}

TEST(Record, SurvivesARoundTrip) {
  const Record record{{"\r", "sha256", "x", 1}, {"a\nb", "", "", 7}, {"c,d", "sha512", "y", std::nullopt}};
  EXPECT_EQ(parse_record(write_record(record)).value(), record);
}

TEST(Record, EncodesDigests) {
  EXPECT_EQ(record_hash({}), "");
  EXPECT_EQ(record_hash({0xff}), "_w");
  EXPECT_EQ(record_hash({0xfb, 0xef}), "--8");
  EXPECT_EQ(record_hash({'M', 'a', 'n'}), "TWFu");
  EXPECT_EQ(record_hash({0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4,
                         0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b,
                         0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55}),
            "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU");
}

}  // namespace
}  // namespace wheelfit::python
