// SPDX-License-Identifier: Apache-2.0
// A file that is written here and there, and read while it is being written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include "system/files.hpp"

namespace wheelfit::system {

// Reading and writing different places from different threads is safe. Throws Error{machine}.
class SparseFile {
 public:
  // Opened, or made empty where there is none.
  explicit SparseFile(std::filesystem::path path);

  void write_at(std::uint64_t offset, std::span<const std::byte> bytes);
  // Less than asked for at the end of the file.
  std::size_t read_at(std::uint64_t offset, std::span<std::byte> into) const;
  std::uint64_t size() const;
  void resize(std::uint64_t size);
  // Asks the kernel to begin with writing these bytes to disk, so that there is less to wait for later.
  void begin_flush(std::uint64_t offset, std::uint64_t length) noexcept;
  void flush_to_disk();
  void close();

 private:
  std::filesystem::path path_;
  FileDescriptor file_;
};

}  // namespace wheelfit::system
