// SPDX-License-Identifier: Apache-2.0
#include "system/file_lock.hpp"

#include <gtest/gtest.h>

#include <atomic>
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
TEST(FileLock, IsHeldByOneAtATimeThoughItsFolderIsRemoved) {
  const test::TempDir folder;
  const auto file = folder.path() / "place" / "lock";
  std::atomic<int> inside{0};
  std::atomic<int> together{0};
  const auto work = [&] {
    for (int round = 0; round < 300; ++round) {
      const FileLock lock = FileLock::acquire(file, std::chrono::seconds(30));
      if (++inside != 1) ++together;
      if (round % 2 == 0) remove_quietly(file.parent_path());
      --inside;
    }
  };
  {
    const std::jthread one(work);
    const std::jthread two(work);
    const std::jthread three(work);
  }
  EXPECT_EQ(together, 0);
}

}  // namespace
}  // namespace wheelfit::system
