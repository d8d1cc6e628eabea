// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>

#include "system/files.hpp"

namespace wheelfit::system {

// An exclusive lock between processes (flock), held as long as the object lives; a killed process leaves
// none. The lock's file stays: removing it would let two processes hold "the" lock. Only with the folder that
// it lies in, and in one step, the holder may remove it.
class FileLock {
 public:
  // nullopt: somebody else holds it. Makes the file and its directory. Throws Error{machine}.
  static std::optional<FileLock> try_acquire(const std::filesystem::path& file);
  // Waits; `waiting` is called once when it must. Throws Error{machine} "locked" after `patience`.
  static FileLock acquire(const std::filesystem::path& file, std::chrono::milliseconds patience,
                          const std::function<void()>& waiting = {});

 private:
  explicit FileLock(FileDescriptor file) : file_(std::move(file)) {}
  FileDescriptor file_;
};

// Removes a folder whose lock, which lies in it, is held; that gives the lock up. The folder leaves its place
// before anything in it is removed: who locks the place next has a new one, and loses nothing.
void remove_locked_folder(const std::filesystem::path& folder) noexcept;

}  // namespace wheelfit::system
