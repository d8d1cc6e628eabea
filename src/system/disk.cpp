// SPDX-License-Identifier: Apache-2.0
#include "system/disk.hpp"

#include <array>
#include <utility>

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

namespace wheelfit::system {
namespace {

// statfs(2) and the kernel's linux/magic.h.
constexpr std::array<std::pair<std::uint64_t, const char*>, 16> names{{
    {0xef53, "ext4"},
    {0x58465342, "xfs"},
    {0x9123683e, "btrfs"},
    {0x01021994, "tmpfs"},
    {0x794c7630, "overlay"},
    {0x6969, "nfs"},
    {0xff534d42, "cifs"},
    {0xfe534d42, "smb2"},
    {0x2fc12fc1, "zfs"},
    {0x65735546, "fuse"},
    {0x01021997, "9p"},
    {0x0bd00bd0, "lustre"},
    {0x47504653, "gpfs"},
    {0x00c36400, "ceph"},
    {0xf2f52010, "f2fs"},
    {0x858458f6, "ramfs"},
}};

std::string name_of(std::uint64_t magic) {
  for (const auto& [number, name] : names) {
    if (number == magic) return name;
  }
  return "";
}

}  // namespace

std::optional<Disk> disk_of(const std::filesystem::path& path) {
  std::error_code failed;
  std::filesystem::path existing = std::filesystem::absolute(path, failed);
  if (failed) return std::nullopt;
  while (!std::filesystem::exists(existing, failed)) {
    if (existing == existing.parent_path()) return std::nullopt;
    existing = existing.parent_path();
  }
  struct statfs filesystem{};
  struct stat file{};
  if (statfs(existing.c_str(), &filesystem) != 0 || stat(existing.c_str(), &file) != 0) return std::nullopt;
  Disk disk;
  disk.free_bytes =
      static_cast<std::uint64_t>(filesystem.f_bavail) * static_cast<std::uint64_t>(filesystem.f_bsize);
  disk.filesystem = name_of(static_cast<std::uint32_t>(filesystem.f_type));
  disk.device = file.st_dev;
  return disk;
}

std::uint64_t allocated_bytes(const std::filesystem::path& file) noexcept {
  struct stat status{};
  if (lstat(file.c_str(), &status) != 0) return 0;
  return static_cast<std::uint64_t>(status.st_blocks) * 512;
}

}  // namespace wheelfit::system
