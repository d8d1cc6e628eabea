// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace wheelfit::system {

// A file's bytes in memory without reading them. The file must not shrink while it is mapped: replace files
// by rename, as all of wheelfit does.
class MappedFile {
 public:
  explicit MappedFile(const std::filesystem::path& file);  // throws Error{machine}
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  std::span<const std::byte> bytes() const noexcept { return bytes_; }

 private:
  std::span<const std::byte> bytes_;
};

}  // namespace wheelfit::system
