// SPDX-License-Identifier: Apache-2.0
// The platform half of tags.hpp: which platform tags a system accepts, best first, and how far a tag is from
// it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "python/tags.hpp"

namespace wheelfit::python {

// Whether everything that platform tags depend on is known: on Linux that includes the C library.
bool is_platform_known(const TagTarget& target);

// "any" is not among them. In the order of packaging.tags: manylinux from the target's glibc down, musllinux,
// the plain tag; on macOS from the newest system down. For a known platform only.
std::vector<std::string> platform_tags(const TagTarget& target);

struct PlatformMiss {
  TagMismatch mismatch = TagMismatch::platform;
  std::optional<std::pair<int, int>> needs_glibc;
};

// nullopt: the tag fits, or what is unknown could make it fit.
std::optional<PlatformMiss> platform_miss(std::string_view tag, const TagTarget& target);

}  // namespace wheelfit::python
