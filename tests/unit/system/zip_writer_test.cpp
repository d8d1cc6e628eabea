// SPDX-License-Identifier: Apache-2.0
#include "system/zip_writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/temp_dir.hpp"
#include "system/files.hpp"
#include "system/zip.hpp"

namespace wheelfit::system {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> names_in(const fs::path& folder) {
  std::vector<fs::path> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
  return names;
}

TEST(WriteZip, StoresMembersInOrderAsTheyAre) {
  const test::TempDir folder;
  const std::string big(700'000, 'x');
  folder.write("big", big);
  write_zip(folder / "a.zip", {{"first.json", "{}", {}}, {"deep/big.bin", {}, folder / "big"}});
  ZipReader zip(folder / "a.zip");
  ASSERT_EQ(zip.entries().size(), 2U);
  EXPECT_EQ(zip.entries()[0].name, "first.json");
  EXPECT_EQ(zip.entries()[1].name, "deep/big.bin");
  EXPECT_EQ(zip.entries()[1].method, 0);
  EXPECT_EQ(zip.entries()[1].unix_mode, 0100644U);
  EXPECT_EQ(zip.read(0), "{}");
  EXPECT_EQ(zip.read(1), big);
}

TEST(WriteZip, TheSameMembersGiveTheSameBytes) {
  const test::TempDir folder;
  folder.write("file", "content");
  for (const char* name : {"a.zip", "b.zip"}) {
    fs::last_write_time(folder / "file", fs::file_time_type::clock::now());
    write_zip(folder / name, {{"file", {}, folder / "file"}});
  }
  EXPECT_EQ(read_file(folder / "a.zip"), read_file(folder / "b.zip"));
}

TEST(WriteZip, LeavesTheOldArchiveWhereItFails) {
  const test::TempDir folder;
  folder.write("a.zip", "old");
  try {
    write_zip(folder / "a.zip", {{"file", {}, folder / "there is none"}});
    FAIL() << "a member that cannot be read";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::machine);
  }
  EXPECT_EQ(read_file(folder / "a.zip"), "old");
  EXPECT_THAT(names_in(folder.path()), testing::ElementsAre("a.zip"));
}

}  // namespace
}  // namespace wheelfit::system
