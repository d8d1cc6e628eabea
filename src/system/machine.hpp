// SPDX-License-Identifier: Apache-2.0
// What this machine gives to this process: containers and schedulers (cgroup v1 and v2) often give less than
// there is. Everything is read from files below `root` ("/" in life).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace wheelfit::system {

struct Machine {
  unsigned cores = 1;                             // at least 1; a quota of 1.5 counts as 2
  std::optional<std::uint64_t> memory;            // bytes: physical, or the lowest limit on the way up
  std::optional<std::uint64_t> available_memory;  // bytes that can be used without swapping, now

  friend bool operator==(const Machine&, const Machine&) = default;
};

// `schedulable`: the cores that the process may run on.
Machine read_machine(const std::filesystem::path& root, unsigned schedulable);
// By sched_getaffinity(2).
unsigned schedulable_cores();

}  // namespace wheelfit::system
