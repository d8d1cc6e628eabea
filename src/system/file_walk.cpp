// SPDX-License-Identifier: Apache-2.0
#include "system/file_walk.hpp"

#include <optional>
#include <vector>

#include <sys/stat.h>

namespace wheelfit::system {
namespace {

std::optional<struct stat> status_of(const std::filesystem::path& path) {
  struct stat status{};
  if (lstat(path.c_str(), &status) != 0) return std::nullopt;
  return status;
}

}  // namespace

void walk_files(const std::filesystem::path& path, const std::function<void(const WalkedFile&)>& take) {
  const auto top = status_of(path);
  if (!top) return;
  std::vector<std::filesystem::path> waiting{path};
  while (!waiting.empty()) {
    const std::filesystem::path next = std::move(waiting.back());
    waiting.pop_back();
    const auto status = status_of(next);
    if (!status || status->st_dev != top->st_dev) continue;
    if (S_ISREG(status->st_mode)) {
      take({status->st_dev, status->st_ino, status->st_nlink,
            static_cast<std::uint64_t>(status->st_blocks) * 512, status->st_mtime});
    } else if (S_ISDIR(status->st_mode)) {
      std::error_code failed;
      for (std::filesystem::directory_iterator entry(next, failed), end; !failed && entry != end;
           entry.increment(failed))
        waiting.push_back(entry->path());
    }
  }
}

}  // namespace wheelfit::system
