// SPDX-License-Identifier: Apache-2.0
// Whether what is about to be written will find room, asked before the first byte. Pure, but for
// needs_here().
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "system/disk.hpp"

namespace wheelfit::system {

// Bytes that will be written to one place.
struct Need {
  std::string role;             // "store", "site-packages", "tmp", ...: said as it stands
  std::filesystem::path where;  // it need not exist yet
  std::uint64_t bytes = 0;
  Text way_round = {};            // another place for these bytes, as a cure; may be empty
  std::optional<Disk> disk = {};  // of `where`; nullopt: not known, and not judged
};

// A filesystem that has not what is needed of it.
struct Shortage {
  std::vector<Need> needs;  // all that would go there, in the order given
  std::string filesystem;
  std::uint64_t needed = 0;
  std::uint64_t free = 0;

  std::uint64_t missing() const noexcept { return needed - free; }
};

// The needs of one filesystem are added up; what is written nowhere (0 bytes) is left out.
std::vector<Shortage> shortages(const std::vector<Need>& needs);

// What is missing where, and what cures it: Error{machine} "disk-full".
Error no_room(const Shortage& shortage);
// One sentence for it.
Text sentence_of(const Shortage& shortage);
std::vector<Text> cures_of(const Shortage& shortage);

// The same needs, with the disks that they lie on today.
std::vector<Need> needs_here(std::vector<Need> needs);

// Bytes in a temporary directory.
Need room_for_temporary(std::filesystem::path where, std::uint64_t bytes);

// Throws no_room() for the first shortage of today.
void require_room(std::vector<Need> needs);

}  // namespace wheelfit::system
