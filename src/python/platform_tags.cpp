// SPDX-License-Identifier: Apache-2.0
#include "python/platform_tags.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "python/ascii.hpp"
#include "python/mac_platforms.hpp"

namespace wheelfit::python {
namespace {

using LibcVersion = std::pair<int, int>;

constexpr std::string_view linux_prefix = "linux_";

struct LegacyManylinux {
  std::string_view prefix;
  LibcVersion glibc;
};

// PEP 513, 571 and 599; PEP 600 made them aliases.
constexpr std::array<LegacyManylinux, 3> legacy_manylinux{
    {{"manylinux1_", {2, 5}}, {"manylinux2010_", {2, 12}}, {"manylinux2014_", {2, 17}}}};

// A platform tag that names a C library: "manylinux_2_28_x86_64", "musllinux_1_2_aarch64".
struct LibcTag {
  LibcVersion version;
  std::string_view machine;
};

// "manylinux_" {major} "_" {minor} "_" {machine}
std::optional<LibcTag> perennial_tag(std::string_view tag, std::string_view prefix) noexcept {
  if (!tag.starts_with(prefix)) return std::nullopt;
  tag.remove_prefix(prefix.size());
  std::array<int, 2> numbers{};
  for (int& number : numbers) {
    const std::size_t end = tag.find('_');
    if (end == std::string_view::npos) return std::nullopt;
    const auto value = parse_number(tag.substr(0, end));
    if (!value || *value > 9999) return std::nullopt;
    number = static_cast<int>(*value);
    tag.remove_prefix(end + 1);
  }
  if (tag.empty()) return std::nullopt;
  return LibcTag{{numbers[0], numbers[1]}, tag};
}

std::optional<LibcTag> manylinux_tag(std::string_view tag) noexcept {
  for (const LegacyManylinux& legacy : legacy_manylinux) {
    if (tag.starts_with(legacy.prefix)) return LibcTag{legacy.glibc, tag.substr(legacy.prefix.size())};
  }
  return perennial_tag(tag, "manylinux_");
}

std::optional<LibcTag> musllinux_tag(std::string_view tag) noexcept {
  return perennial_tag(tag, "musllinux_");
}

// The oldest glibc that has a tag on this machine; nullopt where the machine has no manylinux at all.
std::optional<LibcVersion> oldest_glibc(std::string_view machine) {
  constexpr std::array<std::string_view, 7> others{"aarch64", "ppc64",   "ppc64le",    "s390x",
                                                   "armv7l",  "riscv64", "loongarch64"};
  if (machine == "x86_64" || machine == "i686") return LibcVersion{2, 5};
  if (std::find(others.begin(), others.end(), machine) != others.end()) return LibcVersion{2, 17};
  return std::nullopt;
}

void append_manylinux(LibcVersion glibc, std::string_view machine, std::vector<std::string>& tags) {
  // What packaging assumes the last minor version of a finished glibc major version to have been.
  constexpr int last_minor = 50;
  const auto oldest = oldest_glibc(machine);
  if (!oldest) return;
  for (LibcVersion version = glibc; version >= *oldest;) {
    tags.push_back(fmt::format("manylinux_{}_{}_{}", version.first, version.second, machine));
    for (const LegacyManylinux& legacy : legacy_manylinux) {
      if (legacy.glibc == version) tags.push_back(std::string(legacy.prefix) + std::string(machine));
    }
    if (version.second > 0) {
      --version.second;
    } else {
      version = {version.first - 1, last_minor};
    }
  }
}

bool is_linux(const TagTarget& target) {
  return target.platform ? target.platform->starts_with(linux_prefix)
                         : target.glibc.has_value() || target.musl.has_value();
}

// Whether `tag_machine` is the target's, as far as that is known.
bool is_machine_of(std::string_view tag_machine, const TagTarget& target) {
  return !target.platform || target.platform->substr(linux_prefix.size()) == tag_machine;
}

std::optional<PlatformMiss> manylinux_miss(const LibcTag& tag, const TagTarget& target) {
  const auto oldest = oldest_glibc(tag.machine);
  if (!is_machine_of(tag.machine, target) || !oldest || tag.version < *oldest) return PlatformMiss{};
  const bool too_old = target.glibc && *target.glibc < tag.version;
  const bool other_libc = !target.glibc && target.musl;
  if (!too_old && !other_libc) return std::nullopt;
  return PlatformMiss{TagMismatch::libc, tag.version};
}

std::optional<PlatformMiss> musllinux_miss(const LibcTag& tag, const TagTarget& target) {
  if (!is_machine_of(tag.machine, target)) return PlatformMiss{};
  if (target.glibc) return PlatformMiss{TagMismatch::libc, std::nullopt};
  const bool fits =
      !target.musl || (target.musl->first == tag.version.first && target.musl->second >= tag.version.second);
  if (fits) return std::nullopt;
  return PlatformMiss{TagMismatch::libc, std::nullopt};
}

}  // namespace

bool is_platform_known(const TagTarget& target) {
  return target.platform && (!is_linux(target) || target.glibc || target.musl);
}

std::vector<std::string> platform_tags(const TagTarget& target) {
  const std::string& platform = *target.platform;
  if (platform.starts_with("macosx_")) return mac_platform_tags(platform);
  if (!is_linux(target)) return {platform};
  std::vector<std::string> tags;
  const std::string machine = platform.substr(linux_prefix.size());
  if (target.glibc) {
    append_manylinux(*target.glibc, machine, tags);
  } else if (target.musl) {
    for (int minor = target.musl->second; minor >= 0; --minor) {
      tags.push_back(fmt::format("musllinux_{}_{}_{}", target.musl->first, minor, machine));
    }
  }
  tags.push_back(platform);
  return tags;
}

std::optional<PlatformMiss> platform_miss(std::string_view tag, const TagTarget& target) {
  if (tag == "any") return std::nullopt;
  if (is_linux(target)) {
    if (const auto manylinux = manylinux_tag(tag)) return manylinux_miss(*manylinux, target);
    if (const auto musllinux = musllinux_tag(tag)) return musllinux_miss(*musllinux, target);
    const bool fits = tag.starts_with(linux_prefix) && is_machine_of(tag.substr(linux_prefix.size()), target);
    if (fits) return std::nullopt;
    return PlatformMiss{};
  }
  if (!target.platform) return std::nullopt;
  const auto accepted = platform_tags(target);
  if (std::find(accepted.begin(), accepted.end(), tag) != accepted.end()) return std::nullopt;
  return PlatformMiss{};
}

std::optional<std::pair<int, int>> manylinux_glibc(std::string_view platform_tag) noexcept {
  const auto tag = manylinux_tag(platform_tag);
  if (!tag) return std::nullopt;
  return tag->version;
}

std::string platform_machine(std::string_view platform_tag) {
  if (const auto tag = manylinux_tag(platform_tag)) return std::string(tag->machine);
  if (const auto tag = musllinux_tag(platform_tag)) return std::string(tag->machine);
  if (const auto tag = perennial_tag(platform_tag, "macosx_")) return std::string(tag->machine);
  for (const std::string_view prefix : {linux_prefix, std::string_view("win_")}) {
    if (platform_tag.starts_with(prefix)) return std::string(platform_tag.substr(prefix.size()));
  }
  return platform_tag == "win32" ? "32" : "";
}

}  // namespace wheelfit::python
