// SPDX-License-Identifier: Apache-2.0
// Every change that install/ makes on disk goes through here, so that a test can make any one of them fail.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>
#include <system_error>

#include "base/error.hpp"

namespace wheelfit::install {

// The operating system's calls, one method each; a method returns what the system said. Thread-safe.
class FileOperations {
 public:
  FileOperations() = default;
  FileOperations(const FileOperations&) = delete;
  FileOperations& operator=(const FileOperations&) = delete;
  virtual ~FileOperations() = default;

  virtual std::error_code make_directory(const std::filesystem::path& path, mode_t mode) noexcept;
  // A new file, opened for writing; an existing one is never touched.
  virtual std::error_code create(const std::filesystem::path& path, mode_t mode, int& descriptor) noexcept;
  virtual std::error_code write(int descriptor, std::span<const std::byte> data) noexcept;
  virtual std::error_code close(int descriptor) noexcept;
  virtual std::error_code change_mode(const std::filesystem::path& path, mode_t mode) noexcept;
  // Moves within one filesystem; file_exists where `to` is there already.
  virtual std::error_code move(const std::filesystem::path& from, const std::filesystem::path& to) noexcept;
  // Moves a file over another one, atomically.
  virtual std::error_code replace(const std::filesystem::path& from,
                                  const std::filesystem::path& to) noexcept;
  virtual std::error_code remove_file(const std::filesystem::path& path) noexcept;
  virtual std::error_code remove_directory(const std::filesystem::path& path) noexcept;
  // fsync of a file or directory.
  virtual std::error_code sync(const std::filesystem::path& path) noexcept;
};

FileOperations& real_file_operations() noexcept;

// What a failed operation is called towards the user: Error{machine} with a cure where one is known (disk
// full, no permission, read-only).
Error file_error(const std::filesystem::path& path, std::error_code code);
// Throws file_error() where `code` is an error.
void require(std::error_code code, const std::filesystem::path& path);

// Missing parents included; a directory that is there already is fine.
void make_directories(FileOperations& files, const std::filesystem::path& path, mode_t mode = 0777);
// A new file with this content.
void write_file(FileOperations& files, const std::filesystem::path& path, std::string_view content,
                mode_t mode = 0666);
// Removes a tree as far as it can; symbolic links are removed, not followed. Never throws.
void remove_tree(FileOperations& files, const std::filesystem::path& path) noexcept;

// lstat: a dangling link exists.
bool exists_itself(const std::filesystem::path& path) noexcept;

}  // namespace wheelfit::install
