// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "system/room.hpp"

namespace wheelfit::system {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::uint64_t megabyte = 1'000'000;

Need need(std::string role, std::uint64_t megabytes, std::uint64_t device, std::uint64_t free_megabytes) {
  return {role, "/" + role, megabytes * megabyte, {}, Disk{free_megabytes * megabyte, "ext4", device}};
}

TEST(RoomTest, WhatFitsIsNoShortage) {
  EXPECT_THAT(shortages({}), IsEmpty());
  EXPECT_THAT(shortages({need("store", 10, 1, 10), need("site-packages", 30, 2, 31)}), IsEmpty());
}

TEST(RoomTest, NeedsOfOneFilesystemAreAddedUp) {
  const std::vector<Need> needs{need("store", 10, 1, 35), need("tmp", 5, 2, 5),
                                need("site-packages", 30, 1, 35)};
  const auto short_ones = shortages(needs);
  ASSERT_EQ(short_ones.size(), 1U);
  EXPECT_EQ(short_ones[0].needed, 40 * megabyte);
  EXPECT_EQ(short_ones[0].missing(), 5 * megabyte);
  ASSERT_EQ(short_ones[0].needs.size(), 2U);
  EXPECT_EQ(short_ones[0].needs[1].role, "site-packages");
}

TEST(RoomTest, EveryFullFilesystemIsNamed) {
  EXPECT_EQ(shortages({need("store", 10, 1, 9), need("tmp", 5, 2, 4)}).size(), 2U);
}

TEST(RoomTest, WhatIsUnknownOrNothingIsNotJudged) {
  Need unknown = need("store", 10, 1, 0);
  unknown.disk.reset();
  EXPECT_THAT(shortages({unknown, need("tmp", 0, 2, 0)}), IsEmpty());
}

TEST(RoomTest, SaysHowMuchIsMissingWhereAndWhatCuresIt) {
  Need store = need("store", 183, 1, 300);
  store.way_round = text("or keep the store elsewhere: --store DIR");
  const Error error = no_room(shortages({store, need("site-packages", 512, 1, 300)}).front());
  EXPECT_EQ(error.kind(), ErrorKind::machine);
  EXPECT_EQ(error.code(), "disk-full");
  EXPECT_EQ(
      error.sentence().english(),
      "695 MB are needed on the filesystem of /store (store 183 MB, site-packages 512 MB), and 300 MB are "
      "free there: 395 MB are missing");
  ASSERT_EQ(error.cures().size(), 2U);
  EXPECT_EQ(error.cures()[0].english(), "wheelfit doctor --free 395MB --on /store");
  EXPECT_EQ(error.cures()[1].english(), "or keep the store elsewhere: --store DIR");
}

TEST(RoomTest, WhatIsMissingIsRoundedUpAndWhatIsFreeDown) {
  Need small{"tmp", "/tmp", 1'500'001, {}, Disk{1'499'999, "tmpfs", 7}};
  EXPECT_THAT(sentence_of(shortages({small}).front()).english(),
              testing::AllOf(HasSubstr("1.6 MB are needed"), HasSubstr("1.4 MB are free"),
                             HasSubstr("0.1 MB are missing")));
}

TEST(RoomTest, AFileTakesWholeBlocks) {
  EXPECT_EQ(bytes_on_disk(0), 0U);
  EXPECT_EQ(bytes_on_disk(1), 4096U);
  EXPECT_EQ(bytes_on_disk(4096), 4096U);
  EXPECT_EQ(bytes_on_disk(4097), 8192U);
}

TEST(RoomTest, AsksTheDiskOfWhatDoesNotExistYet) {
  const auto needs = needs_here({{"store", "/tmp/not/there/yet", 1}});
  ASSERT_TRUE(needs[0].disk);
  EXPECT_EQ(needs[0].disk, disk_of("/tmp"));
}

}  // namespace
}  // namespace wheelfit::system
