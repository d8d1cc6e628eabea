// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

namespace wheelfit::system {

struct WalkedFile {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t links = 1;   // names that the file has
  std::uint64_t bytes = 0;   // allocated, whatever its length
  std::int64_t changed = 0;  // its content: seconds since 1970
};

// Every regular file below `path` (or `path` itself), on the filesystem of `path` alone; symbolic links are
// not followed, and what cannot be read is passed over. A file of several names comes once for each.
void walk_files(const std::filesystem::path& path, const std::function<void(const WalkedFile&)>& take);

}  // namespace wheelfit::system
