// SPDX-License-Identifier: Apache-2.0
#include "render/display_width.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace wheelfit::render {
namespace {

struct Character {
  std::string_view bytes;
  int columns = 1;
};

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

// East Asian Wide and Fullwidth, by block.
constexpr std::array wide_ranges{Range{0x1100, 0x115f},  Range{0x2e80, 0x303e}, Range{0x3041, 0xa4cf},
                                 Range{0xac00, 0xd7a3},  Range{0xf900, 0xfaff}, Range{0xfe30, 0xfe6f},
                                 Range{0xff00, 0xff60},  Range{0xffe0, 0xffe6}, Range{0x1f300, 0x1faff},
                                 Range{0x20000, 0x3fffd}};
constexpr std::array empty_ranges{Range{0x0300, 0x036f}, Range{0x200b, 0x200f}, Range{0xfe00, 0xfe0f}};

template <std::size_t count>
bool in_any(const std::array<Range, count>& ranges, std::uint32_t code) noexcept {
  return std::any_of(ranges.begin(), ranges.end(),
                     [code](const Range& range) { return code >= range.first && code <= range.last; });
}

std::size_t sequence_length(unsigned char lead) noexcept {
  if (lead >= 0xf0 && lead < 0xf8) return 4;
  if (lead >= 0xe0) return lead < 0xf0 ? 3 : 1;
  return lead >= 0xc2 ? 2 : 1;
}

// The first character of a non-empty text.
Character first_character(std::string_view text) noexcept {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = sequence_length(lead);
  if (length == 1 || length > text.size()) return {text.substr(0, 1), 1};
  std::uint32_t code = lead & (0xffU >> (length + 1));
  for (std::size_t at = 1; at < length; ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if ((byte & 0xc0U) != 0x80U) return {text.substr(0, 1), 1};
    code = (code << 6U) | (byte & 0x3fU);
  }
  const int columns = in_any(wide_ranges, code) ? 2 : in_any(empty_ranges, code) ? 0 : 1;
  return {text.substr(0, length), columns};
}

std::vector<Character> characters(std::string_view text) {
  std::vector<Character> all;
  while (!text.empty()) {
    all.push_back(first_character(text));
    text.remove_prefix(all.back().bytes.size());
  }
  return all;
}

// A piece that is never broken: one word, or one wide character. Chinese closing marks stay with what they
// close.
struct Piece {
  std::string text;
  int columns = 0;
  bool blank_before = false;
};

bool closes(std::string_view character) noexcept {
  constexpr std::array<std::string_view, 9> marks{"，", "。", "、", "；", "：", "）", "”", "》", "！"};
  return std::find(marks.begin(), marks.end(), character) != marks.end();
}

std::vector<Piece> pieces_of(std::string_view text) {
  std::vector<Piece> pieces;
  bool open = false;  // the next narrow character joins the last piece
  bool blank = false;
  for (const Character& character : characters(text)) {
    if (character.bytes == " ") {
      open = false;
      blank = true;
      continue;
    }
    const bool wide = character.columns == 2;
    if (pieces.empty() || blank || !((open && !wide) || closes(character.bytes))) {
      pieces.push_back({"", 0, blank});
    }
    pieces.back().text += character.bytes;
    pieces.back().columns += character.columns;
    open = !wide;
    blank = false;
  }
  return pieces;
}

}  // namespace

int display_width(std::string_view text) noexcept {
  int columns = 0;
  while (!text.empty()) {
    const Character character = first_character(text);
    columns += character.columns;
    text.remove_prefix(character.bytes.size());
  }
  return columns;
}

std::string padded(std::string_view text, int columns) {
  const int missing = columns - display_width(text);
  return std::string(text) + std::string(missing > 0 ? static_cast<std::size_t>(missing) : 0U, ' ');
}

std::string elided(std::string_view text, int columns) {
  if (display_width(text) <= columns) return std::string(text);
  if (columns <= 1) return columns == 1 ? "…" : "";
  const std::vector<Character> all = characters(text);
  const int tail_columns = (columns - 1) / 2;
  std::string head;
  int used = 1;
  for (const Character& character : all) {
    if (used + character.columns > columns - tail_columns) break;
    head += character.bytes;
    used += character.columns;
  }
  std::string tail;
  for (auto character = all.rbegin(); character != all.rend(); ++character) {
    if (used + character->columns > columns) break;
    tail.insert(0, character->bytes);
    used += character->columns;
  }
  return head + "…" + tail;
}

std::vector<std::string> wrapped(std::string_view text, int first, int rest) {
  std::vector<std::string> lines(1);
  int used = 0;
  for (const Piece& piece : pieces_of(text)) {
    const int room = lines.size() == 1 ? first : rest;
    const int blank = piece.blank_before && used > 0 ? 1 : 0;
    if (used > 0 && used + blank + piece.columns > room) {
      lines.emplace_back();
      used = 0;
    } else if (blank == 1) {
      lines.back() += ' ';
      ++used;
    }
    lines.back() += piece.text;
    used += piece.columns;
  }
  return lines;
}

}  // namespace wheelfit::render
