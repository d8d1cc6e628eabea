// SPDX-License-Identifier: Apache-2.0
// The private directories that a change is prepared in: `.wheelfit-change-XXXXXXXX`, one on each filesystem
// that the change touches, so that everything becomes visible by renames. The name's leading dot keeps
// Python, pip and importlib.metadata from seeing them.
#pragma once

#include <filesystem>
#include <map>
#include <string_view>
#include <vector>

#include "install/file_operations.hpp"

namespace wheelfit::install {

// Advisory lock (flock) on a directory, held while the object lives; a child that is forked holds it too,
// until it ends. Where the filesystem knows no locks, it counts as held.
class DirectoryLock {
 public:
  enum class Wait { yes, no };
  DirectoryLock() = default;
  // A lock that another process holds is waited for, or given up: see held().
  DirectoryLock(const std::filesystem::path& directory, Wait wait);
  DirectoryLock(DirectoryLock&& other) noexcept;
  DirectoryLock& operator=(DirectoryLock&& other) noexcept;
  ~DirectoryLock();
  bool held() const noexcept { return held_; }

 private:
  int descriptor_ = -1;
  bool held_ = false;
};

class Workplace {
 public:
  // Makes the first directory below `home`; it holds the journal. Throws Error{machine}.
  Workplace(FileOperations& files, const std::filesystem::path& home);
  Workplace(Workplace&&) noexcept = default;
  Workplace& operator=(Workplace&&) = delete;

  const std::filesystem::path& home() const noexcept { return home_; }
  std::vector<std::filesystem::path> directories() const;
  // Where the new content of the absolute path `target` is prepared, and where its old content is kept: on
  // the filesystem of `target`. Directories are not made.
  std::filesystem::path staged(const std::filesystem::path& target);
  std::filesystem::path stashed(const std::filesystem::path& target);
  // Removes the private directories and all they hold, the journal first.
  void discard() noexcept;

 private:
  const std::filesystem::path& directory_for(const std::filesystem::path& target);
  std::filesystem::path make_private(const std::filesystem::path& parent);

  FileOperations* files_;
  std::filesystem::path home_;
  std::map<dev_t, std::filesystem::path> by_device_;
  std::map<std::filesystem::path, std::filesystem::path> by_parent_;
  std::vector<DirectoryLock> locks_;
};

// "journal" in the first private directory, "published" beside it once every move was made.
std::filesystem::path journal_file(const std::filesystem::path& home);
std::filesystem::path published_marker(const std::filesystem::path& home);
bool is_private_directory(const std::filesystem::path& path);
// `path` itself, or the nearest ancestor that exists.
std::filesystem::path nearest_existing(std::filesystem::path path);

}  // namespace wheelfit::install
