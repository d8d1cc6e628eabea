// SPDX-License-Identifier: Apache-2.0
// What process groups hold, and ending one that a killed run left behind; proc(5). `root` is "/" in life.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <vector>

namespace wheelfit::system {

// Bytes of memory that the processes of each of these groups have in RAM; 0 for one that is gone.
std::map<int, std::uint64_t> memory_of_groups(const std::filesystem::path& root,
                                              const std::vector<int>& groups);

// When the group's first process was started, in clock ticks since the machine was: with the id it names one
// group for good. nullopt: it is gone.
std::optional<std::uint64_t> start_of(const std::filesystem::path& root, int process);

// Kills the group, if its first process is still the one that was started then.
void end_group(int group, std::uint64_t started) noexcept;

}  // namespace wheelfit::system
