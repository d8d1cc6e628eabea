// SPDX-License-Identifier: Apache-2.0
#include "system/access.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace wheelfit::system {

std::uint32_t effective_user() noexcept { return geteuid(); }

std::optional<std::uint32_t> owner_number(const std::filesystem::path& path) noexcept {
  struct stat status{};
  if (stat(path.c_str(), &status) != 0) return std::nullopt;
  return status.st_uid;
}

}  // namespace wheelfit::system
