// SPDX-License-Identifier: Apache-2.0
#include "python/mac_platforms.hpp"

#include <array>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "python/ascii.hpp"

namespace wheelfit::python {
namespace {

using MacVersion = std::pair<int, int>;

struct MacSystem {
  MacVersion version;
  std::string_view machine;
};

std::optional<MacSystem> parse_system(std::string_view platform) {
  constexpr std::string_view prefix = "macosx_";
  if (!platform.starts_with(prefix)) return std::nullopt;
  platform.remove_prefix(prefix.size());
  const std::size_t first = platform.find('_');
  const std::size_t second = first == std::string_view::npos ? first : platform.find('_', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto major = parse_number(platform.substr(0, first));
  const auto minor = parse_number(platform.substr(first + 1, second - first - 1));
  if (!major || !minor || *major > 999 || *minor > 999) return std::nullopt;
  return MacSystem{{static_cast<int>(*major), static_cast<int>(*minor)}, platform.substr(second + 1)};
}

// What runs on `machine` under that system, the machine's own format first.
std::vector<std::string_view> binary_formats(MacVersion version, std::string_view machine) {
  std::vector<std::string_view> formats{machine};
  const auto add = [&](std::initializer_list<std::string_view> more) { formats.insert(formats.end(), more); };
  if (machine == "x86_64") {
    if (version < MacVersion{10, 4}) return {};
    add({"intel", "fat64", "fat3", "universal2", "universal"});
  } else if (machine == "i386") {
    if (version < MacVersion{10, 4}) return {};
    add({"intel", "fat3", "fat", "universal"});
  } else if (machine == "ppc64") {
    if (version > MacVersion{10, 5} || version < MacVersion{10, 4}) return {};
    add({"fat64", "universal"});
  } else if (machine == "ppc") {
    if (version > MacVersion{10, 6}) return {};
    add({"fat3", "fat", "universal"});
  } else if (machine == "arm64") {
    add({"universal2"});
  } else if (machine == "intel") {
    add({"universal"});
  }
  return formats;
}

}  // namespace

std::vector<std::string> mac_platform_tags(std::string_view platform) {
  const auto system = parse_system(platform);
  if (!system) return {std::string(platform)};
  std::vector<std::string> tags;
  const auto append = [&](MacVersion version, const std::vector<std::string_view>& formats) {
    for (const std::string_view format : formats) {
      tags.push_back(fmt::format("macosx_{}_{}_{}", version.first, version.second, format));
    }
  };
  const auto [version, machine] = *system;
  if (version < MacVersion{11, 0}) {
    for (int minor = version.second; minor >= 0 && version.first == 10; --minor) {
      append({10, minor}, binary_formats({10, minor}, machine));
    }
    return tags;
  }
  // Since macOS 11 the major version moves every year and binaries name no minor one.
  for (int major = version.first; major > 10; --major)
    append({major, 0}, binary_formats({major, 0}, machine));
  // Before 11 there was no arm64, but the x86_64 half of a universal2 binary may name an older system.
  for (int minor = 16; minor > 3; --minor) {
    append({10, minor}, machine == "x86_64" ? binary_formats({10, minor}, machine)
                                            : std::vector<std::string_view>{"universal2"});
  }
  return tags;
}

}  // namespace wheelfit::python
