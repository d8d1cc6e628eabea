// SPDX-License-Identifier: Apache-2.0
// The moves that make a prepared change visible, as written down before the first of them is made
// (docs/formats/install-journal.md).
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "base/error.hpp"

namespace wheelfit::install {

enum class MoveKind {
  stash,    // an old file or whole directory goes into the private directory
  publish,  // a prepared file or whole directory goes to its place
};

struct Move {
  MoveKind kind = MoveKind::stash;
  std::filesystem::path from;
  std::filesystem::path to;

  friend bool operator==(const Move&, const Move&) = default;
};

struct Journal {
  std::string boot;                                // /proc/sys/kernel/random/boot_id
  std::vector<std::filesystem::path> directories;  // private directories
  std::vector<Move> moves;                         // in order: all stashes, then all publishes

  friend bool operator==(const Journal&, const Journal&) = default;
};

std::string write_journal(const Journal& journal);
// A journal without its last line was cut off while it was written: no move was made by it.
tl::expected<Journal, ParseError> parse_journal(std::string_view text);

// Names this start of the machine: what was written but not synced is whole as long as it stays the same.
std::string boot_id();

}  // namespace wheelfit::install
