// SPDX-License-Identifier: Apache-2.0
#include "render/units.hpp"

#include <array>
#include <cmath>
#include <string_view>

namespace wheelfit::render {

std::string bytes_text(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 5> units{"B", "kB", "MB", "GB", "TB"};
  if (bytes < 1000) return fmt::format("{} B", bytes);
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  // 999.6 kB would be rounded to "1000 kB": it is 1.0 MB.
  while (value >= 999.5 && unit + 1 < units.size()) {
    value /= 1000;
    ++unit;
  }
  return value < 9.95 ? fmt::format("{:.1f} {}", value, units.at(unit))
                      : fmt::format("{:.0f} {}", value, units.at(unit));
}

std::string speed_text(double bytes_per_second) {
  return bytes_text(static_cast<std::uint64_t>(std::max(0.0, bytes_per_second))) + "/s";
}

Text duration_text(double seconds) {
  if (seconds < 9.95) return text("{} s", fmt::format("{:.1f}", std::max(0.0, seconds)));
  const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
  if (whole < 60) return text("{} s", whole);
  if (whole < 3600) return text("{} min {} s", whole / 60, whole % 60);
  return text("{} h {} min", whole / 3600, whole % 3600 / 60);
}

const Text& plural(std::uint64_t count, const Text& one, const Text& many) noexcept {
  return count == 1 ? one : many;
}

}  // namespace wheelfit::render
