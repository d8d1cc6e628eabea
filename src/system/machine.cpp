// SPDX-License-Identifier: Apache-2.0
#include "system/machine.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>
#include <thread>

#include <sched.h>

#include "system/cgroup.hpp"
#include "system/files.hpp"

namespace wheelfit::system {
namespace {

// "MemTotal:       16384 kB"
std::optional<std::uint64_t> meminfo(const std::string& content, const std::string& name) {
  std::istringstream lines(content);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string label;
    std::uint64_t kibibytes = 0;
    if (words >> label >> kibibytes && label == name + ":") return kibibytes * 1024;
  }
  return std::nullopt;
}

void lower_to(std::optional<std::uint64_t>& value, std::uint64_t bound) {
  value = std::min(value.value_or(bound), bound);
}

}  // namespace

Machine read_machine(const std::filesystem::path& root, unsigned schedulable) {
  const CgroupLimits limits = read_cgroup_limits(root);
  const std::string memory = read_file_if_any(root / "proc/meminfo").value_or("");
  Machine machine;
  machine.cores = std::max(schedulable, 1U);
  if (limits.cores) {
    machine.cores = std::clamp(static_cast<unsigned>(std::ceil(*limits.cores)), 1U, machine.cores);
  }
  machine.memory = meminfo(memory, "MemTotal");
  machine.available_memory = meminfo(memory, "MemAvailable");
  for (const MemoryLimit& level : limits.memory) {
    lower_to(machine.memory, level.limit);
    lower_to(machine.available_memory, level.limit - std::min(level.limit, level.used));
  }
  return machine;
}

unsigned schedulable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0) return static_cast<unsigned>(CPU_COUNT(&set));
  return std::max(std::thread::hardware_concurrency(), 1U);  // more than 1024 cores
}

}  // namespace wheelfit::system
