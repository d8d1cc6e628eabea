// SPDX-License-Identifier: Apache-2.0
// Characters and cutting of strings, the locale never asked; what the parsers of this folder share.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wheelfit::python {

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_alphanumeric(char c) noexcept { return is_digit(c) || is_letter(c); }
constexpr bool is_blank(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr char lowered(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string lowered(std::string_view text);
bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept;

// Without the blanks at either end.
std::string_view stripped(std::string_view text) noexcept;
// "a.b" at '.' -> {"a", "b"}; an empty text is one empty piece.
std::vector<std::string_view> split(std::string_view text, char separator);
std::string joined(const std::vector<std::string>& pieces, std::string_view separator);

// Decimal digits and nothing else, within 64 bits.
std::optional<std::uint64_t> parse_number(std::string_view digits) noexcept;

}  // namespace wheelfit::python
