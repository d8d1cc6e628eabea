// SPDX-License-Identifier: Apache-2.0
#include "system/percent.hpp"

#include <gtest/gtest.h>

namespace wheelfit::system {
namespace {

TEST(Percent, EncodesWhatIsNotPlain) {
  EXPECT_EQ(percent_encoded("/a b/1.0+cu12-\xc3\xa9~"), "/a%20b/1.0%2Bcu12-%C3%A9~");
  EXPECT_EQ(percent_encoded("a/b@c", "@"), "a%2Fb@c");
  EXPECT_EQ(percent_encoded(std::string_view("\0", 1)), "%00");
}

TEST(Percent, DecodesWhatIsAnEscape) {
  EXPECT_EQ(percent_decoded("1%2Bcu12%2bx%C3%A9"), "1+cu12+x\xc3\xa9");
  EXPECT_EQ(percent_decoded("100%"), "100%");
  EXPECT_EQ(percent_decoded("100%zz%4"), "100%zz%4");
  EXPECT_EQ(percent_decoded("%-1%+1% 1%0x"), "%-1%+1% 1%0x") << "signs, blanks and prefixes are no digits";
  EXPECT_EQ(percent_decoded("%%41"), "%A");
}

TEST(Percent, DecodingUndoesEncoding) {
  std::string every;
  for (int byte = 0; byte < 256; ++byte) every += static_cast<char>(byte);
  EXPECT_EQ(percent_decoded(percent_encoded(every)), every);
  EXPECT_EQ(percent_decoded(percent_encoded("/a b/%2B+")), "/a b/%2B+");
}

TEST(Percent, AddressesOfFilesAreWrittenAsPipDoes) {
  EXPECT_EQ(file_address("/a b/x-1+cu12.whl"), "file:///a%20b/x-1%2Bcu12.whl");
}

}  // namespace
}  // namespace wheelfit::system
