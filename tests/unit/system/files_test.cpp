// SPDX-License-Identifier: Apache-2.0
#include "system/files.hpp"

#include <cerrno>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/temp_dir.hpp"
#include "system/disk.hpp"
#include "system/file_lock.hpp"
#include "system/mapped_file.hpp"
#include "system/temp_directory.hpp"

namespace wheelfit::system {
namespace {

using testing::HasSubstr;

class Files : public testing::Test {
 protected:
  template <typename Action>
  static Error failure_of(Action action) {
    try {
      action();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::machine);
      return error;
    }
    ADD_FAILURE() << "must throw";
    return {ErrorKind::internal, text("nothing thrown")};
  }
  std::size_t entries() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(directory_.path()), {}));
  }
  test::TempDir directory_;
};

TEST_F(Files, ErrorsNameThePathTheCauseAndACure) {
  const Error full = machine_error("/venv/lib", "written", ENOSPC);
  EXPECT_EQ(full.sentence().english(), "/venv/lib cannot be written: No space left on device");
  EXPECT_EQ(full.code(), "disk-full");
  EXPECT_FALSE(full.cures().empty());
  EXPECT_EQ(machine_error("/venv", "created", EACCES).code(), "permission");
  EXPECT_EQ(machine_error("/venv", "created", EROFS).code(), "permission");
  EXPECT_EQ(machine_error("/venv", "read", EIO).code(), "");
}

TEST_F(Files, ReadsWholeFiles) {
  const auto file = directory_.write("a", std::string(200'000, 'x'));
  EXPECT_EQ(read_file(file).size(), 200'000U);
  EXPECT_THAT(failure_of([&] { read_file(file, 199'999); }).what(), HasSubstr("too large"));
  EXPECT_THAT(failure_of([&] { read_file(directory_ / "missing"); }).what(),
              HasSubstr("missing cannot be read"));
}

TEST_F(Files, ReadsWhatMayBeMissing) {
  EXPECT_EQ(read_file_if_any(directory_ / "missing"), std::nullopt);
  EXPECT_EQ(read_file_if_any(directory_.path()), std::nullopt);
  EXPECT_EQ(read_file_if_any(directory_.write("a", "abc"), 2), "ab");
  EXPECT_TRUE(read_file_if_any("/proc/self/status").value_or("").starts_with("Name:"));
}

TEST_F(Files, WritesAtomically) {
  const auto file = directory_ / "deep/er/file";
  write_file_atomically(file, "old");
  write_file_atomically(file, "new", Durability::ordinary, 0600);
  EXPECT_EQ(test::read_text(file), "new");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(file.parent_path()), {}), 1);
  EXPECT_EQ(std::filesystem::status(file).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(Files, LeavesNothingBehindWhenAWriteFails) {
  std::filesystem::create_directory(directory_ / "taken");
  failure_of([&] { write_file_atomically(directory_ / "taken", "x"); });
  EXPECT_EQ(entries(), 1U);
}

TEST_F(Files, SaysThatTheDiskIsFull) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "needs /dev/full";
  OutputFile full("/dev/full", OutputFile::Mode::append);
  const std::string bytes(100, 'x');
  EXPECT_EQ(failure_of([&] { full.write(std::as_bytes(std::span(bytes))); }).code(), "disk-full");
}

TEST_F(Files, AppendsAndTruncates) {
  const auto file = directory_.write("a", "one");
  const std::string two = "two";
  OutputFile appended(file, OutputFile::Mode::append);
  appended.write(std::as_bytes(std::span(two)));
  appended.flush_to_disk();
  EXPECT_EQ(appended.size(), 6U);
  appended.close();
  appended.close();
  EXPECT_EQ(test::read_text(file), "onetwo");
  EXPECT_EQ(OutputFile(file, OutputFile::Mode::truncate).size(), 0U);
  EXPECT_THAT(failure_of([&] { OutputFile(file, OutputFile::Mode::create_new); }).what(),
              HasSubstr("exists"));
}

TEST_F(Files, MakesDirectories) {
  make_directories(directory_ / "a/b/c");
  make_directories(directory_ / "a/b/c");
  EXPECT_TRUE(std::filesystem::is_directory(directory_ / "a/b/c"));
  const auto file = directory_.write("file", "");
  EXPECT_THAT(failure_of([&] { make_directories(file / "x"); }).what(), HasSubstr(file.string()));
  flush_directory(directory_.path());
  failure_of([&] { flush_directory(directory_ / "none"); });
  failure_of([&] { rename_file(directory_ / "none", directory_ / "other"); });
}

TEST_F(Files, LinksWhereItCan) {
  const auto file = directory_.write("a", "content");
  link_or_copy(file, directory_ / "b");
  EXPECT_TRUE(std::filesystem::equivalent(file, directory_ / "b"));
  failure_of([&] { link_or_copy(file, directory_ / "b"); });
  failure_of([&] { link_or_copy(directory_ / "none", directory_ / "c"); });
}

TEST_F(Files, KnowsExecutables) {
  const auto file = directory_.write("a", "");
  EXPECT_FALSE(is_executable_file(file));
  std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  EXPECT_TRUE(is_executable_file(file));
  EXPECT_FALSE(is_executable_file(directory_.path()));
  EXPECT_TRUE(is_writable(file));
  EXPECT_FALSE(is_writable(directory_ / "none"));
}

TEST_F(Files, MapsFiles) {
  MappedFile mapped(directory_.write("a", "abc"));
  const MappedFile moved = std::move(mapped);
  EXPECT_EQ(moved.bytes().size(), 3U);
  EXPECT_EQ(moved.bytes()[1], std::byte{'b'});
  EXPECT_TRUE(MappedFile(directory_.write("empty", "")).bytes().empty());
  failure_of([&] { MappedFile(directory_.path()); });
  failure_of([&] { MappedFile(directory_ / "none"); });
}

TEST_F(Files, TemporaryDirectoriesGoWithTheirObject) {
  std::filesystem::path path;
  {
    TempDirectory temporary(directory_ / "parent");
    TempDirectory moved = std::move(temporary);
    path = moved.path();
    write_file_atomically(path / "deep/file", "x");
    EXPECT_EQ(path.parent_path(), directory_ / "parent");
    struct stat found{};
    stat(path.c_str(), &found);
    EXPECT_EQ(found.st_mode & 0777U, 0700U);
  }
  EXPECT_FALSE(std::filesystem::exists(path));
  path = TempDirectory(directory_.path()).release();
  EXPECT_TRUE(std::filesystem::exists(path));
  EXPECT_EQ(temporary_files(EnvironmentVariables(
                std::map<std::string, std::string, std::less<>>{{"TMPDIR", "/elsewhere"}})),
            "/elsewhere");
  EXPECT_EQ(temporary_files(EnvironmentVariables()), "/tmp");
}

TEST_F(Files, LocksExcludeEachOther) {
  const auto file = directory_ / "locks/one";
  bool waited = false;
  {
    const FileLock held = FileLock::acquire(file, std::chrono::milliseconds(100), [&] { waited = true; });
    EXPECT_FALSE(waited);
    EXPECT_FALSE(FileLock::try_acquire(file).has_value());
    const Error error =
        failure_of([&] { FileLock::acquire(file, std::chrono::milliseconds(20), [&] { waited = true; }); });
    EXPECT_EQ(error.code(), "locked");
    EXPECT_TRUE(waited);
    EXPECT_TRUE(FileLock::try_acquire(directory_ / "locks/two").has_value());
  }
  EXPECT_TRUE(FileLock::try_acquire(file).has_value());
}

TEST_F(Files, KnowsTheDiskOfAPathThatDoesNotExistYet) {
  const auto here = disk_of(directory_.path());
  const auto below = disk_of(directory_ / "not/yet/there");
  ASSERT_TRUE(here && below);
  EXPECT_EQ(here->device, below->device);
  EXPECT_EQ(here->filesystem, below->filesystem);
  EXPECT_GT(here->free_bytes, 0U);
  EXPECT_NE(disk_of("/proc")->device, here->device);
}

}  // namespace
}  // namespace wheelfit::system
