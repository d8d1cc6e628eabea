// SPDX-License-Identifier: Apache-2.0
#include "install/journal.hpp"

#include <fstream>

namespace wheelfit::install {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view first_line = "wheelfit-journal 1";
constexpr std::string_view last_line = "end";

// Paths are bytes: only what would break a line is escaped.
std::string escaped(const std::string& path) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  for (const char c : path) {
    if (c == '%' || c == '\t' || c == '\n') {
      result += '%';
      result += digits[static_cast<unsigned char>(c) >> 4U];
      result += digits[static_cast<unsigned char>(c) & 15U];
    } else {
      result += c;
    }
  }
  return result;
}

std::string unescaped(std::string_view field) {
  std::string result;
  for (std::size_t i = 0; i < field.size(); ++i) {
    const std::string_view code = field.substr(i, 3);
    const char plain = code == "%25" ? '%' : code == "%09" ? '\t' : code == "%0a" ? '\n' : '\0';
    if (plain != '\0') i += 2;
    result += plain != '\0' ? plain : field[i];
  }
  return result;
}

std::string_view next_until(std::string_view& rest, char end) {
  const std::size_t at = std::min(rest.find(end), rest.size());
  const std::string_view part = rest.substr(0, at);
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return part;
}

bool read_line(std::string_view line, Journal& journal) {
  const std::string_view key = next_until(line, '\t');
  const std::string first = unescaped(next_until(line, '\t'));
  const std::string second = unescaped(line);
  if (first.empty()) return false;
  if (key == "boot") {
    journal.boot = first;
  } else if (key == "directory") {
    journal.directories.emplace_back(first);
  } else if ((key == "stash" || key == "publish") && !second.empty()) {
    journal.moves.push_back({key == "stash" ? MoveKind::stash : MoveKind::publish, first, second});
  } else {
    return false;
  }
  return true;
}

}  // namespace

std::string write_journal(const Journal& journal) {
  std::string text = std::string(first_line) + "\n";
  if (!journal.boot.empty()) text += "boot\t" + escaped(journal.boot) + "\n";
  for (const fs::path& directory : journal.directories)
    text += "directory\t" + escaped(directory.string()) + "\n";
  for (const Move& move : journal.moves) {
    text += move.kind == MoveKind::stash ? "stash\t" : "publish\t";
    text += escaped(move.from.string()) + "\t" + escaped(move.to.string()) + "\n";
  }
  return text + std::string(last_line) + "\n";
}

tl::expected<Journal, ParseError> parse_journal(std::string_view text) {
  if (next_until(text, '\n') != first_line) return tl::unexpected(ParseError{"it is no journal of wheelfit"});
  Journal journal;
  while (!text.empty()) {
    const std::string_view line = next_until(text, '\n');
    if (line == last_line && text.empty()) return journal;
    if (!read_line(line, journal)) {
      return tl::unexpected(ParseError{"the line \"" + std::string(line) + "\" is not known"});
    }
  }
  return tl::unexpected(ParseError{"its end is missing"});
}

std::string boot_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(file, id);
  return id;
}

}  // namespace wheelfit::install
