// SPDX-License-Identifier: Apache-2.0
#include "fetch/partial_file.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fetch/watermark_hash.hpp"
#include "support/temp_dir.hpp"
#include "system/sha256.hpp"

namespace wheelfit::fetch {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

class PartialFiles : public testing::Test {
 protected:
  void append(const std::string& lines) {
    std::ofstream(directory_ / "p" / "journal", std::ios::app) << lines;
  }
  test::TempDir directory_;
  const Origin origin_{"http://a/x", "\"v1\"", "Mon", 10};
};

TEST_F(PartialFiles, RemembersWhatIsHere) {
  {
    PartialFile partial(directory_ / "p");
    EXPECT_EQ(partial.origin(), std::nullopt);
    partial.start_over(origin_);
    partial.write(6, bytes_of("ghij"));
    partial.write(0, bytes_of("ab"));
    partial.record({6, 10});
    partial.record({0, 2});
  }
  const PartialFile again(directory_ / "p");
  EXPECT_EQ(again.origin(), origin_);
  EXPECT_FALSE(again.from_earlier_boot());
  EXPECT_THAT(again.done().spans(), ElementsAre(ByteSpan{0, 2}, ByteSpan{6, 10}));
}

TEST_F(PartialFiles, BelievesNoLineThatAKillHasCut) {
  {
    PartialFile(directory_ / "p").start_over(origin_);
  }
  {
    PartialFile(directory_ / "p").write(0, bytes_of("0123456789"));
  }
  append("0 2\n3 4 5\nnonsense\n8 6\n4 1");  // the last was to be "4 10"
  EXPECT_THAT(PartialFile(directory_ / "p").done().spans(), ElementsAre(ByteSpan{0, 2}));
}

TEST_F(PartialFiles, BelievesNoLineAboutBytesThatAreNotThere) {
  {
    PartialFile(directory_ / "p").start_over(origin_);
  }
  append("0 5\n");
  EXPECT_THAT(PartialFile(directory_ / "p").done().spans(), IsEmpty());
}

TEST_F(PartialFiles, KnowsThatTheMachineWasStartedAnew) {
  directory_.write("p/data", "0123");
  directory_.write(
      "p/journal",
      R"({"url": "http://a/x", "etag": "", "last_modified": "", "length": 10, "boot": "another"})"
      "\n0 4\n");
  const PartialFile partial(directory_ / "p");
  EXPECT_TRUE(partial.from_earlier_boot());
  EXPECT_EQ(partial.done().total(), 4U);
}

TEST_F(PartialFiles, StartsOverWithNothing) {
  PartialFile partial(directory_ / "p");
  partial.start_over(origin_);
  partial.write(0, bytes_of("abc"));
  partial.record({0, 3});
  partial.start_over({"http://b/y", "", "", std::nullopt});
  EXPECT_TRUE(partial.done().empty());
  EXPECT_EQ(std::filesystem::file_size(partial.data_path()), 0U);
}

TEST_F(PartialFiles, TakesOverWhatAnEarlierVersionLeft) {
  directory_.write("p/data", "0123");
  directory_.write("p/about.json",
                   R"({"url": "http://a/x", "etag": "\"v1\"", "last_modified": "Mon", "length": 10})");
  for (int i = 0; i < 2; ++i) {  // and the second time from the journal that it has become
    const PartialFile partial(directory_ / "p");
    EXPECT_EQ(partial.origin(), origin_);
    EXPECT_EQ(partial.done().contiguous(), 4U);
    EXPECT_FALSE(std::filesystem::exists(directory_ / "p" / "about.json"));
  }
}

TEST_F(PartialFiles, PublishesExactlyTheFile) {
  PartialFile partial(directory_ / "p");
  partial.start_over(origin_);
  partial.write(0, bytes_of("0123456789 and more"));
  partial.publish(10, directory_ / "done" / "x");
  EXPECT_EQ(test::read_text(directory_ / "done" / "x"), "0123456789");
  EXPECT_FALSE(std::filesystem::exists(directory_ / "p"));
}

TEST_F(PartialFiles, AreHashedWhileTheyGrow) {
  std::string content(3'000'000, '\0');
  for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<char>(i * i % 251);
  system::SparseFile file(directory_ / "data");
  WatermarkHash hash(file);
  for (std::size_t at = 0; at < content.size(); at += 70'001) {
    const std::string_view piece = std::string_view(content).substr(at, 70'001);
    file.write_at(at, bytes_of(piece));
    hash.advance(at + piece.size());
  }
  EXPECT_EQ(hash.finish(content.size()), system::to_hex(system::sha256_of(content)));
  {
    WatermarkHash abandoned(file);
  }  // ends its thread
  WatermarkHash empty(file);
  EXPECT_EQ(empty.finish(0), system::to_hex(system::sha256_of("")));
}

TEST(Origins, AreComparedByWhatBothSay) {
  const Origin one{"u", "\"1\"", "Mon", 10};
  EXPECT_FALSE(one.contradicts({"other", "\"1\"", "Tue", 10})) << "a tag says more than a date";
  EXPECT_TRUE(one.contradicts({"u", "\"2\"", "Mon", 10}));
  EXPECT_TRUE(one.contradicts({"u", "\"1\"", "Mon", 11}));
  EXPECT_TRUE(one.contradicts({"u", "", "Tue", std::nullopt}));
  EXPECT_FALSE(one.contradicts({"u", "", "", std::nullopt}));
}

}  // namespace
}  // namespace wheelfit::fetch
