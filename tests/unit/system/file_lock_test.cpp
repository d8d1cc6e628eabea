// SPDX-License-Identifier: Apache-2.0
#include "system/file_lock.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "support/temp_dir.hpp"
#include "system/files.hpp"

namespace wheelfit::system {
namespace {

TEST(FileLock, IsHeldByOneAtATime) {
  const test::TempDir folder;
  const auto file = folder.path() / "deep" / "lock";
  auto first = FileLock::try_acquire(file);
  ASSERT_TRUE(first);
  EXPECT_FALSE(FileLock::try_acquire(file));
  first.reset();
  EXPECT_TRUE(FileLock::try_acquire(file));
}

// Holders remove the lock's folder before they let it go: whoever waited must not hold a lock without a name.
// What takes its time to be removed, so that others are there meanwhile.
void fill(const std::filesystem::path& folder) {
  for (int i = 0; i < 40; ++i) std::ofstream(folder / std::to_string(i)) << i;
}

TEST(FileLock, IsHeldByOneAtATimeThoughItsFolderIsRemoved) {
  const test::TempDir folder;
  const auto file = folder.path() / "place" / "lock";
  std::atomic<int> inside{0};
  std::atomic<int> together{0};
  std::atomic<int> lost{0};
  const auto work = [&] {
    for (int round = 0; round < 100; ++round) {
      const FileLock lock = FileLock::acquire(file, std::chrono::seconds(30));
      if (++inside != 1) ++together;
      fill(file.parent_path());
      for (int i = 0; i < 40; ++i)
        if (!std::filesystem::exists(file.parent_path() / std::to_string(i))) ++lost;
      --inside;
      if (round % 2 == 0) remove_locked_folder(file.parent_path());  // which gives it up
    }
  };
  {
    const std::jthread one(work);
    const std::jthread two(work);
    const std::jthread three(work);
  }
  EXPECT_EQ(together, 0);
  EXPECT_EQ(lost, 0);
  remove_locked_folder(file.parent_path());
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace wheelfit::system
