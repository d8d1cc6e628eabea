// SPDX-License-Identifier: Apache-2.0
// Files and directories. A failure of the machine (full disk, missing permission, vanished file) is
// Error{machine} that names the path, the cause and a cure. All functions are thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.hpp"

namespace wheelfit::system {

// The Error for a failed call: "{path} cannot be {done}: no space left on the device". `done` is a participle
// ("written", "read", "renamed"); `code` is errno.
Error machine_error(const std::filesystem::path& path, std::string_view done, int code);

// Owns a file descriptor.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int number) noexcept : number_(number) {}
  FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  ~FileDescriptor() { reset(); }

  int get() const noexcept { return number_; }
  explicit operator bool() const noexcept { return number_ >= 0; }
  void reset() noexcept;
  int release() noexcept { return std::exchange(number_, -1); }

 private:
  int number_ = -1;
};

// A file being written. Nothing is promised about its content until close() has returned.
class OutputFile {
 public:
  enum class Mode { create_new, truncate, append };
  OutputFile(std::filesystem::path path, Mode mode, unsigned permissions = 0644);

  void write(std::span<const std::byte> bytes);
  void flush_to_disk();  // fsync
  void close();          // reports what the kernel held back; the destructor does not
  std::uint64_t size() const noexcept { return size_; }
  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
  FileDescriptor file_;
  std::uint64_t size_ = 0;
};

// The whole file; more than `limit` bytes is Error{machine}.
std::string read_file(const std::filesystem::path& file, std::uint64_t limit = 256U << 20U);
// For files that may be absent or unreadable: nullopt then. Works on /proc and /sys. Reads at most `limit`
// bytes.
std::optional<std::string> read_file_if_any(const std::filesystem::path& file,
                                            std::uint64_t limit = 16U << 20U);

enum class Durability { ordinary, flushed };
// A reader sees the old content or the new, never a mixture. Makes parent directories.
void write_file_atomically(const std::filesystem::path& file, std::string_view content,
                           Durability durability = Durability::flushed, unsigned permissions = 0644);

void make_directories(const std::filesystem::path& directory);
// Replaces `to`; both on one filesystem.
void rename_file(const std::filesystem::path& from, const std::filesystem::path& to);
// After renames that must survive a power cut.
void flush_directory(const std::filesystem::path& directory);
// A hard link where the filesystem allows one, else a copy. `to` must not exist.
void link_or_copy(const std::filesystem::path& from, const std::filesystem::path& to);
// A copy that shares its blocks where the filesystem can, and is on the disk. `to` must not exist; what was
// written of it stays when this throws.
void copy_file(const std::filesystem::path& from, const std::filesystem::path& to);
// What cannot be removed stays; never throws.
void remove_quietly(const std::filesystem::path& path) noexcept;

bool is_writable(const std::filesystem::path& path) noexcept;
// The name of the user that it belongs to, or the number where that has no name.
std::optional<std::string> owner_of(const std::filesystem::path& path);
bool is_executable_file(const std::filesystem::path& path) noexcept;

}  // namespace wheelfit::system
