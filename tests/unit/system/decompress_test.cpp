// SPDX-License-Identifier: Apache-2.0
#include "system/decompress.hpp"

#include <cstring>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <lz4.h>
#include <zstd.h>

namespace wheelfit::system {
namespace {

using Blob = std::vector<std::byte>;

Blob blob(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

// Compresses well, but not to nothing.
Blob repetitive() {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "ld.global.nc " + std::to_string(i * 7919 % 1000) + ";\n";
  return blob(text);
}

Blob zstd_of(const Blob& raw) {
  Blob stored(ZSTD_compressBound(raw.size()));
  stored.resize(ZSTD_compress(stored.data(), stored.size(), raw.data(), raw.size(), 3));
  return stored;
}

Blob lz4_of(const Blob& raw) {
  Blob stored(static_cast<std::size_t>(LZ4_compressBound(static_cast<int>(raw.size()))));
  stored.resize(static_cast<std::size_t>(
      LZ4_compress_default(reinterpret_cast<const char*>(raw.data()), reinterpret_cast<char*>(stored.data()),
                           static_cast<int>(raw.size()), static_cast<int>(stored.size()))));
  return stored;
}

struct Format {
  const char* name;
  Blob (*compress)(const Blob&);
  std::optional<Blob> (*open)(std::span<const std::byte>, std::uint64_t);
};

class Decompress : public ::testing::TestWithParam<Format> {};

TEST_P(Decompress, GivesBackWhatWasCompressed) {
  for (const Blob& raw : {repetitive(), blob("x"), Blob{}})
    EXPECT_EQ(GetParam().open(GetParam().compress(raw), raw.size()), raw);
}

TEST_P(Decompress, GivesNothingForAnotherSizeThanItWasToldOf) {
  const Blob raw = repetitive(), stored = GetParam().compress(raw);
  for (const std::uint64_t size : {raw.size() - 1, raw.size() + 1, std::size_t{0}})
    EXPECT_EQ(GetParam().open(stored, size), std::nullopt) << size;
}

TEST_P(Decompress, AllocatesNothingForASizeThatCannotBe) {
  const Blob stored = GetParam().compress(repetitive());
  for (const std::uint64_t size : {std::uint64_t{1} << 40, ~std::uint64_t{0}})
    EXPECT_EQ(GetParam().open(stored, size), std::nullopt) << size;
}

TEST_P(Decompress, GivesNothingForATruncatedBlock) {
  const Blob raw = repetitive(), stored = GetParam().compress(raw);
  for (const std::size_t size : {std::size_t{0}, std::size_t{3}, stored.size() / 2, stored.size() - 1})
    EXPECT_EQ(GetParam().open(std::span(stored).first(size), raw.size()), std::nullopt) << size;
}

TEST_P(Decompress, GivesNothingForBytesThatFollow) {
  const Blob raw = repetitive();
  Blob stored = GetParam().compress(raw);
  stored.push_back(std::byte{7});
  EXPECT_EQ(GetParam().open(stored, raw.size()), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(Formats, Decompress,
                         ::testing::Values(Format{"zstd", zstd_of, unzstd}, Format{"lz4", lz4_of, unlz4}),
                         [](const auto& format) { return format.param.name; });

TEST(Unzstd, TakesSeveralFramesAsOne) {
  const Blob raw = repetitive();
  Blob stored = zstd_of(raw);
  const Blob more = zstd_of(blob("and the end"));
  stored.insert(stored.end(), more.begin(), more.end());
  const auto opened = unzstd(stored, raw.size() + 11);
  ASSERT_TRUE(opened);
  EXPECT_EQ(std::memcmp(opened->data() + raw.size(), "and the end", 11), 0);
}

}  // namespace
}  // namespace wheelfit::system
