// SPDX-License-Identifier: Apache-2.0
// Tiny real shared objects, made by the machine's own g++ while the test runs.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/temp_dir.hpp"

namespace wheelfit::test {

// The bytes of a file; they live as long as the object.
class FileBytes {
 public:
  explicit FileBytes(const std::filesystem::path& file);

  std::span<const std::byte> span() const noexcept { return bytes_; }
  std::vector<std::byte>& bytes() noexcept { return bytes_; }

 private:
  std::vector<std::byte> bytes_;
};

class ElfBuilder {
 public:
  // Compiles `source` (C++) with `flags` appended to "g++ -shared -fPIC -nostdlib" into <name> and returns
  // its path. Throws std::runtime_error with the compiler's words where that fails.
  std::filesystem::path shared_object(std::string_view name, std::string_view source,
                                      std::string_view flags = {}) const;
  // Any other command with "{dir}" replaced by the directory.
  void run(std::string command) const;

  const TempDir& directory() const noexcept { return directory_; }

 private:
  TempDir directory_;
};

}  // namespace wheelfit::test
