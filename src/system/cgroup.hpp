// SPDX-License-Identifier: Apache-2.0
// The limits that control groups put on this process; Documentation/admin-guide/cgroup-v1 and cgroup-v2.rst.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace wheelfit::system {

struct MemoryLimit {
  std::uint64_t limit = 0;
  std::uint64_t used = 0;  // without the page cache that can be dropped at once

  friend bool operator==(const MemoryLimit&, const MemoryLimit&) = default;
};

struct CgroupLimits {
  std::optional<double> cores;      // the tightest quota
  std::vector<MemoryLimit> memory;  // one for each level that has a limit

  friend bool operator==(const CgroupLimits&, const CgroupLimits&) = default;
};

// The group of this process and all its ancestors, both versions, as far as they can be seen below `root`.
CgroupLimits read_cgroup_limits(const std::filesystem::path& root);

}  // namespace wheelfit::system
