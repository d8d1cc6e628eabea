// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace wheelfit::system {

struct Disk {
  std::uint64_t free_bytes = 0;  // for this user
  std::string filesystem;        // "ext4", "overlay", "nfs"; "" where it has no known name
  std::uint64_t device = 0;      // two paths with the same number can be renamed and linked into each other

  friend bool operator==(const Disk&, const Disk&) = default;
};

// Of the path or, where it does not exist yet, of its nearest existing parent. nullopt: cannot be told.
std::optional<Disk> disk_of(const std::filesystem::path& path);

// What the file itself takes, holes left out; 0 where there is none.
std::uint64_t allocated_bytes(const std::filesystem::path& file) noexcept;

// What a file of this size takes: filesystems give whole blocks of 4 KiB.
constexpr std::uint64_t bytes_on_disk(std::uint64_t size) noexcept { return (size + 4095) / 4096 * 4096; }

}  // namespace wheelfit::system
