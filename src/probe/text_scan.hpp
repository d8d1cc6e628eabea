// SPDX-License-Identifier: Apache-2.0
// What the small hand parsers of this folder share.
#pragma once

#include <algorithm>
#include <cctype>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "python/version.hpp"

namespace wheelfit::probe {

inline constexpr std::string_view blanks = " \t\r\n\f\v";

inline std::string_view trimmed(std::string_view text) noexcept {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// Pieces between separators, in order. Runs of separators count once and empty pieces are dropped.
inline std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> pieces;
  std::size_t at = text.find_first_not_of(separators);
  while (at != std::string_view::npos) {
    const std::size_t end = std::min(text.find_first_of(separators, at), text.size());
    pieces.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(separators, end);
  }
  return pieces;
}

inline std::vector<std::string_view> lines_of(std::string_view text) { return split(text, "\r\n"); }
inline std::vector<std::string_view> words_of(std::string_view text) { return split(text, blanks); }

// The pieces are views: of a temporary string they would dangle, most easily in a range-for.
template <std::same_as<std::string> Temporary>
void split(Temporary&& text, std::string_view separators) = delete;
template <std::same_as<std::string> Temporary>
void lines_of(Temporary&& text) = delete;
template <std::same_as<std::string> Temporary>
void words_of(Temporary&& text) = delete;

inline bool is_digit(char character) noexcept { return character >= '0' && character <= '9'; }

inline std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  return lower;
}

// "550.54.14 (built …)" -> 550.54.14: the longest run of digits and dots at the front, as a version.
inline std::optional<python::Version> leading_version(std::string_view text) {
  text = text.substr(0, text.find_first_not_of("0123456789."));
  while (text.ends_with('.')) text.remove_suffix(1);
  const auto version = python::Version::parse(text);
  return version ? std::optional(*version) : std::nullopt;
}

}  // namespace wheelfit::probe
