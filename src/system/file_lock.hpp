// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>

#include "system/files.hpp"

namespace wheelfit::system {

// An exclusive lock between processes (flock), held as long as the object lives; a killed process leaves
// none. The lock's file stays: removing it would let two processes hold "the" lock.
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

}  // namespace wheelfit::system
