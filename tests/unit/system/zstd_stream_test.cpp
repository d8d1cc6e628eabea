// SPDX-License-Identifier: Apache-2.0
#include "system/zstd_stream.hpp"

#include <iterator>
#include <string>

#include <gtest/gtest.h>
#include <zstd.h>

namespace wheelfit::system {
namespace {

std::string compressed(const std::string& text) {
  std::string stored(ZSTD_compressBound(text.size()), '\0');
  stored.resize(ZSTD_compress(stored.data(), stored.size(), text.data(), text.size(), 3));
  return stored;
}

std::string read(std::string_view stored, std::uint64_t most = 1U << 30U) {
  const auto stream = open_zstd(stored, most);
  return {std::istreambuf_iterator<char>(*stream), std::istreambuf_iterator<char>()};
}

TEST(ZstdStream, GivesWhatWasCompressed) {
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += std::to_string(i * 7919) + ",";
  EXPECT_EQ(read(compressed(text)), text);
  EXPECT_EQ(read(compressed("")), "");
  EXPECT_EQ(read(compressed("first") + compressed(" second")), "first second");  // two frames are one text
}

TEST(ZstdStream, EndsWhereItWentWrong) {
  const std::string text(3'000'000, 'x');
  const std::string stored = compressed(text);
  EXPECT_LT(read(std::string_view(stored).substr(0, stored.size() / 2)).size(), text.size());
  EXPECT_LE(read(stored, 1'000'000).size(), 1'000'000U);
  EXPECT_EQ(read("no frame at all"), "");
  EXPECT_EQ(read(""), "");
}

TEST(ZstdStream, KnowsItsMagicNumber) {
  EXPECT_TRUE(is_zstd(compressed("x")));
  EXPECT_FALSE(is_zstd("{\"packages\""));
}

}  // namespace
}  // namespace wheelfit::system
