// SPDX-License-Identifier: Apache-2.0
#include "system/byte_count.hpp"

#include <charconv>

namespace wheelfit::system {
namespace {

// What a unit multiplies by; nullopt for what is none.
std::optional<double> factor_of(std::string_view unit) noexcept {
  if (unit.empty()) return 1;
  constexpr std::string_view prefixes = "kmgt";
  const char first =
      unit.front() >= 'A' && unit.front() <= 'Z' ? static_cast<char>(unit.front() + 32) : unit.front();
  if (first == 'b' && unit.size() == 1) return 1;
  const std::size_t power = prefixes.find(first);
  if (power == std::string_view::npos) return std::nullopt;
  const std::string_view rest = unit.substr(1);
  const bool binary = rest == "i" || rest == "iB" || rest == "ib";
  if (!binary && !rest.empty() && rest != "B" && rest != "b") return std::nullopt;
  double factor = 1;
  for (std::size_t i = 0; i <= power; ++i) factor *= binary ? 1024 : 1000;
  return factor;
}

}  // namespace

std::optional<std::uint64_t> parse_byte_count(std::string_view text) noexcept {
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (read.ec != std::errc()) return std::nullopt;
  std::string_view unit = text.substr(static_cast<std::size_t>(read.ptr - text.data()));
  while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
  const auto factor = factor_of(unit);
  if (!factor || !(number >= 0)) return std::nullopt;
  const double bytes = number * *factor;
  if (!(bytes < 1e18)) return std::nullopt;
  return static_cast<std::uint64_t>(bytes);
}

}  // namespace wheelfit::system
