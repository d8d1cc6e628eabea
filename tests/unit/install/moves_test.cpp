// SPDX-License-Identifier: Apache-2.0
#include "install/moves.hpp"

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace wheelfit::install {
namespace {

namespace fs = std::filesystem;

// overlayfs: a directory of a lower layer cannot be renamed, its files can.
class OverlayFileOperations final : public FileOperations {
 public:
  std::error_code move(const fs::path& from, const fs::path& to) noexcept override {
    if (fs::is_directory(fs::symlink_status(from))) return std::make_error_code(std::errc::cross_device_link);
    if (++moves == failing) return std::make_error_code(std::errc::io_error);
    return FileOperations::move(from, to);
  }
  int moves = 0;
  int failing = 0;
};

Journal stash_of(const wheelfit::test::TempDir& directory) {
  return {.boot = "b",
          .directories = {directory / "private"},
          .moves = {{MoveKind::stash, directory / "site/demo", directory / "private/old/demo"}}};
}

void fill(const wheelfit::test::TempDir& directory) {
  for (const char* file : {"site/demo/a.py", "site/demo/b.py", "site/demo/sub/c.py"})
    directory.write(file, file);
}

bool is_filled(const wheelfit::test::TempDir& directory) {
  return wheelfit::test::read_text(directory / "site/demo/a.py") == "site/demo/a.py" &&
         wheelfit::test::read_text(directory / "site/demo/sub/c.py") == "site/demo/sub/c.py";
}

TEST(Moves, GoFileByFileWhereADirectoryCannotBeRenamed) {
  const wheelfit::test::TempDir directory;
  fill(directory);
  OverlayFileOperations files;
  EXPECT_FALSE(make_moves(files, stash_of(directory)));
  EXPECT_FALSE(fs::exists(directory / "site/demo"));
  EXPECT_TRUE(fs::exists(directory / "private/old/demo/sub/c.py"));
  EXPECT_FALSE(undo_moves(files, stash_of(directory)));
  EXPECT_TRUE(is_filled(directory));
}

TEST(Moves, AreUndoneFromTheMiddleOfADirectory) {
  for (int failing = 1; failing <= 3; ++failing) {
    const wheelfit::test::TempDir directory;
    fill(directory);
    OverlayFileOperations files;
    files.failing = failing;
    EXPECT_TRUE(make_moves(files, stash_of(directory)));
    EXPECT_FALSE(undo_moves(files, stash_of(directory)));
    EXPECT_TRUE(is_filled(directory));
    EXPECT_FALSE(undo_moves(files, stash_of(directory))) << "a second time changes nothing";
    EXPECT_TRUE(is_filled(directory));
  }
}

TEST(Moves, NeverReplaceWhatIsThere) {
  const wheelfit::test::TempDir directory;
  directory.write("new", "new");
  directory.write("target", "somebody else's");
  const Journal journal{
      .boot = "", .directories = {}, .moves = {{MoveKind::publish, directory / "new", directory / "target"}}};
  EXPECT_TRUE(make_moves(real_file_operations(), journal));
  EXPECT_FALSE(undo_moves(real_file_operations(), journal));
  EXPECT_EQ(wheelfit::test::read_text(directory / "target"), "somebody else's");
}

}  // namespace
}  // namespace wheelfit::install
