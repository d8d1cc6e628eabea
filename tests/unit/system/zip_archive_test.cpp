// SPDX-License-Identifier: Apache-2.0
// Archives read through a ByteSource: what of it is touched, and what becomes of its faults.
#include <algorithm>
#include <optional>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "system/byte_source.hpp"
#include "system/zip.hpp"
#include "zip_builder.hpp"

namespace wheelfit::system {
namespace {

// Remembers which bytes were read; fails where it is told to.
class Watched final : public ByteSource {
 public:
  explicit Watched(std::string bytes) : bytes_(std::move(bytes)), read_(bytes_.size()) {}

  std::uint64_t size() const override { return bytes_.size(); }
  void read(std::uint64_t offset, std::span<std::byte> into) override {
    ASSERT_LE(offset + into.size(), bytes_.size());
    if (fails_before > offset)
      throw Error(ErrorKind::unreachable, text("{} is gone", "a.example")).with_code("cut-off");
    std::ranges::copy(std::as_bytes(std::span(bytes_)).subspan(offset, into.size()), into.begin());
    std::fill_n(read_.begin() + static_cast<std::ptrdiff_t>(offset), into.size(), true);
  }

  std::size_t touched() const { return static_cast<std::size_t>(std::ranges::count(read_, true)); }
  std::size_t first_touched() const {
    return static_cast<std::size_t>(std::ranges::find(read_, true) - read_.begin());
  }

  std::uint64_t fails_before = 0;

 private:
  std::string bytes_;
  std::vector<bool> read_;
};

std::string noise(std::size_t size) {
  std::string text(size, '\0');
  std::uint32_t state = 1;
  for (char& c : text) c = static_cast<char>((state = state * 1664525U + 1013904223U) >> 24U);
  return text;
}

std::vector<ZipMember> wheel() {
  return {{.name = "big.so", .content = noise(900'000)},
          {.name = "other.so", .content = noise(100'000), .deflated = false},
          {.name = "a.dist-info/METADATA", .content = "Name: a"}};
}

std::string code_of(ByteSource& source) {
  try {
    const ZipReader reader(source, "a.whl");
  } catch (const Error& error) {
    EXPECT_THAT(error.sentence().english(), testing::HasSubstr("a.whl"));
    return error.code();
  }
  return "";
}

TEST(ZipOverBytes, OpeningTouchesTheDirectoryOnly) {
  const std::string bytes = zip_bytes(wheel());
  Watched source(bytes);
  ZipReader reader(source, "a.whl");
  ASSERT_EQ(reader.entries().size(), 3U);
  EXPECT_EQ(source.first_touched(), bytes.find("PK\x01\x02"));
  EXPECT_LT(source.touched(), 300U);
  EXPECT_EQ(reader.read(2), "Name: a");
  EXPECT_LT(source.touched(), 400U);
}

TEST(ZipOverBytes, ABeginningTouchesTheBeginning) {
  Watched source(zip_bytes(wheel()));
  ZipReader reader(source, "a.whl");
  const auto beginning = reader.read_beginning(0, 50'000);
  EXPECT_TRUE(std::ranges::equal(beginning, std::as_bytes(std::span(wheel()[0].content)).first(50'000)));
  EXPECT_LT(source.touched(), 60'000U);
  EXPECT_EQ(reader.read_beginning(1, 1000).size(), 1000U);
  EXPECT_LT(source.touched(), 70'000U);
}

TEST(ZipOverBytes, WholeEntriesReadAsFromAFile) {
  Watched source(zip_bytes(wheel()));
  ZipReader reader(source, "a.whl");
  EXPECT_EQ(reader.read(0), wheel()[0].content);
  EXPECT_EQ(reader.read(1), wheel()[1].content);
}

TEST(ZipOverBytes, ACommentAtTheEndIsNoHindrance) {
  std::string bytes = zip_bytes(wheel());
  bytes[bytes.size() - 2] = 5;
  Watched source(bytes + "hello");
  EXPECT_EQ(ZipReader(source, "a.whl").entries().size(), 3U);
}

TEST(ZipOverBytes, WhatIsNoArchiveIsRefusedAsInAFile) {
  Watched page("<html>404</html>");
  EXPECT_EQ(code_of(page), "not-a-zip");
  Watched empty("");
  EXPECT_EQ(code_of(empty), "not-a-zip");
  Watched half(zip_bytes(wheel()).substr(0, 100'000));
  EXPECT_EQ(code_of(half), "truncated");
}

TEST(ZipOverBytes, ADirectoryThatLiesIsRefused) {
  std::string bytes = zip_bytes(wheel());
  bytes[bytes.find("PK\x01\x02") + 1] = 'Q';
  Watched source(bytes);
  EXPECT_EQ(code_of(source), "truncated");
}

TEST(ZipOverBytes, AFaultOfTheSourcePassesThrough) {
  const std::string bytes = zip_bytes(wheel());
  Watched broken(bytes);
  broken.fails_before = bytes.size();
  EXPECT_THROW(ZipReader(broken, "a.whl"), Error);
  Watched source(bytes);
  ZipReader reader(source, "a.whl");
  source.fails_before = bytes.size();
  for (const auto& read : {std::function([&] { (void)reader.read_beginning(0, 100); }),
                           std::function([&] { (void)reader.read(1); })}) {
    try {
      read();
      FAIL() << "must throw";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), "cut-off");
    }
  }
  source.fails_before = 0;
  EXPECT_EQ(reader.read(2), "Name: a") << "and the reader stays usable";
}

TEST(ZipOverBytes, AFaultInMidEntryPassesThrough) {
  Watched source(zip_bytes(wheel()));
  ZipReader reader(source, "a.whl");
  std::size_t pieces = 0;
  try {
    reader.extract(0, [&](auto) {
      ++pieces;
      source.fails_before = 10'000'000;
    });
    FAIL() << "must throw";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "cut-off");
  }
  EXPECT_GT(pieces, 0U);
}

}  // namespace
}  // namespace wheelfit::system
