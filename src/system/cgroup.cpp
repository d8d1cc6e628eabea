// SPDX-License-Identifier: Apache-2.0
#include "system/cgroup.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>
#include <string>
#include <string_view>

#include "system/files.hpp"

namespace wheelfit::system {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t no_limit_v1 = std::uint64_t{1} << 60U;  // v1 says "none" as nearly 2^63

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc()) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> number_in(const fs::path& file) {
  const auto content = read_file_if_any(file);
  return content ? number(*content) : std::nullopt;
}

// "name 123" of a file of such lines.
std::uint64_t field_in(const fs::path& file, std::string_view name) {
  std::istringstream lines(read_file_if_any(file).value_or(""));
  std::string word;
  std::uint64_t value = 0;
  while (lines >> word >> value) {
    if (word == name) return value;
  }
  return 0;
}

// The group's directory and those above it, up to the mount. A path of another namespace is not there: then
// the mount itself is our group.
std::vector<fs::path> levels(const fs::path& mount, const std::string& group) {
  std::vector<fs::path> found;
  fs::path relative = fs::path(group).relative_path();
  const bool escapes = group.find("..") != std::string::npos;
  while (!escapes && !relative.empty()) {
    if (fs::is_directory(mount / relative)) found.push_back(mount / relative);
    relative = relative.parent_path();
  }
  found.push_back(mount);
  return found;
}

void tighten(CgroupLimits& limits, double quota, double period) {
  if (quota <= 0 || period <= 0) return;
  limits.cores = std::min(limits.cores.value_or(quota / period), quota / period);
}

void add_memory(CgroupLimits& limits, std::optional<std::uint64_t> limit, const fs::path& used,
                const fs::path& statistics, std::string_view droppable) {
  if (!limit || *limit >= no_limit_v1) return;
  const std::uint64_t all = number_in(used).value_or(0);
  limits.memory.push_back({*limit, all - std::min(all, field_in(statistics, droppable))});
}

void read_v2(CgroupLimits& limits, const fs::path& level) {
  std::istringstream quota(read_file_if_any(level / "cpu.max").value_or(""));
  double allowed = 0;
  double period = 0;
  if (quota >> allowed >> period) tighten(limits, allowed, period);  // "max" is no number
  add_memory(limits, number_in(level / "memory.max"), level / "memory.current", level / "memory.stat",
             "inactive_file");
}

void read_v1_cpu(CgroupLimits& limits, const fs::path& level) {
  const auto quota = number_in(level / "cpu.cfs_quota_us");  // "-1": none
  const auto period = number_in(level / "cpu.cfs_period_us");
  if (quota && period) tighten(limits, static_cast<double>(*quota), static_cast<double>(*period));
}

void read_v1_memory(CgroupLimits& limits, const fs::path& level) {
  add_memory(limits, number_in(level / "memory.limit_in_bytes"), level / "memory.usage_in_bytes",
             level / "memory.stat", "total_inactive_file");
}

bool has_controller(std::string_view list, std::string_view name) {
  return ("," + std::string(list) + ",").find("," + std::string(name) + ",") != std::string::npos;
}

}  // namespace

CgroupLimits read_cgroup_limits(const fs::path& root) {
  const fs::path mounts = root / "sys/fs/cgroup";
  CgroupLimits limits;
  std::istringstream lines(read_file_if_any(root / "proc/self/cgroup").value_or(""));
  for (std::string line; std::getline(lines, line);) {  // "4:cpu,cpuacct:/group", "0::/group"
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const std::string group = line.substr(second + 1);
    if (controllers.empty()) {
      for (const fs::path& level : levels(mounts, group)) read_v2(limits, level);
    }
    if (has_controller(controllers, "cpu")) {
      const fs::path mount = fs::is_directory(mounts / controllers) ? mounts / controllers : mounts / "cpu";
      for (const fs::path& level : levels(mount, group)) read_v1_cpu(limits, level);
    }
    if (has_controller(controllers, "memory")) {
      for (const fs::path& level : levels(mounts / "memory", group)) read_v1_memory(limits, level);
    }
  }
  return limits;
}

}  // namespace wheelfit::system
