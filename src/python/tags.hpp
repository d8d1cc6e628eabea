// SPDX-License-Identifier: Apache-2.0
// Platform compatibility tags (PEP 425, 600, 656, 703): what an interpreter accepts, best first, and, when it does
// not accept a wheel, which part of the tag was to blame.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wheelfit::python {

struct Tag {
  std::string python;    // "cp311", "py3"
  std::string abi;       // "cp311", "cp313t", "abi3", "none"
  std::string platform;  // "linux_x86_64", "manylinux_2_28_x86_64", "any"

  std::string to_string() const { return python + "-" + abi + "-" + platform; }
  friend auto operator<=>(const Tag&, const Tag&) = default;
};

// The interpreter and platform that tags are made for. Unknown parts are nullopt and refuse nothing.
struct TagTarget {
  std::string implementation = "cp";                // "cp", "pp"
  std::optional<std::pair<int, int>> python;        // {3, 11}
  std::optional<bool> free_threaded;                // 3.13t
  std::optional<std::string> platform;              // "linux_x86_64", "win_amd64", "macosx_14_0_arm64"
  std::optional<std::pair<int, int>> glibc;         // {2, 36}; of a glibc system
  std::optional<std::pair<int, int>> musl;          // {1, 2}; of a musl system
};

// All tags of a fully known target, in pip's order (packaging.tags.sys_tags): best first.
std::vector<Tag> supported_tags(const TagTarget& target);

enum class TagMismatch { python, abi, platform, libc };  // libc: right machine, but its C library is too old or other

struct TagVerdict {
  bool compatible = false;
  // Compatible: position in supported_tags() where the target is fully known, else 0; lower is better.
  std::size_t priority = 0;
  // Not compatible: the nearest miss over the wheel's tags (platform and libc only when python and ABI fit).
  std::optional<TagMismatch> mismatch;
  // For libc: the glibc the wheel's nearest platform tag wants, if that is what it lacks.
  std::optional<std::pair<int, int>> needs_glibc;
};

// Judges a wheel's compressed tag set against a target of which parts may be unknown.
TagVerdict judge_tags(const std::vector<Tag>& wheel_tags, const TagTarget& target);

// "manylinux2014_x86_64" -> {2,17}, "manylinux_2_28_aarch64" -> {2,28}; nullopt for any other platform tag.
std::optional<std::pair<int, int>> manylinux_glibc(std::string_view platform_tag) noexcept;
// "x86_64" of "manylinux_2_28_x86_64", "linux_x86_64", "musllinux_1_2_x86_64", "win_amd64" -> "amd64"; "" for "any".
std::string platform_machine(std::string_view platform_tag);

}  // namespace wheelfit::python
