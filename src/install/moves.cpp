// SPDX-License-Identifier: Apache-2.0
#include "install/moves.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <vector>

#include "install/bytecode.hpp"
#include "install/workplace.hpp"

namespace wheelfit::install {
namespace fs = std::filesystem;
namespace {

struct Failed {
  MoveFailure failure;
};

void check(std::error_code code, const fs::path& path) {
  if (code) throw Failed{{path, code}};
}

bool is_directory_itself(const fs::path& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

std::vector<fs::path> children(const fs::path& directory) {
  std::vector<fs::path> found;
  std::error_code failed;
  for (fs::directory_iterator entry(directory, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    found.push_back(entry->path());
  }
  check(failed, directory);
  std::sort(found.begin(), found.end());
  return found;
}

void make_parents(FileOperations& files, const fs::path& path) {
  if (exists_itself(path)) return;
  make_parents(files, path.parent_path());
  const std::error_code made = files.make_directory(path, 0777);
  if (made != std::errc::file_exists) check(made, path);
}

// Brings `from` to `to`, joining it with what is there already.
void move_tree(FileOperations& files, const fs::path& from, const fs::path& to) {
  const bool directory = is_directory_itself(from);
  if (!exists_itself(to)) {
    const std::error_code moved = files.move(from, to);
    if (!moved) return;
    if (moved != std::errc::cross_device_link || !directory) check(moved, from);
    struct stat status {};
    check(::lstat(from.c_str(), &status) == 0 ? std::error_code() : std::make_error_code(std::errc::io_error),
          from);
    check(files.make_directory(to, 0700), to);
    check(files.change_mode(to, status.st_mode & 07777U), to);
  } else if (!directory || !is_directory_itself(to)) {
    check(std::make_error_code(std::errc::file_exists), to);
  }
  for (const fs::path& child : children(from)) move_tree(files, child, to / child.filename());
  check(files.remove_directory(from), from);
}

void make_move(FileOperations& files, const Move& move) {
  if (move.kind == MoveKind::publish) {
    check(files.move(move.from, move.to), move.to);
    return;
  }
  make_parents(files, move.to.parent_path());
  move_tree(files, move.from, move.to);
}

// A module published alone into a directory that it shares may have been compiled there since.
void remove_fresh_bytecode(FileOperations& files, const fs::path& source) {
  for (const fs::path& bytecode : bytecode_of(source)) check(files.remove_file(bytecode), bytecode);
  const fs::path cache = source.parent_path() / "__pycache__";
  if (is_directory_itself(cache) && children(cache).empty()) check(files.remove_directory(cache), cache);
}

void undo_move(FileOperations& files, const Move& move) {
  if (move.kind == MoveKind::stash) {
    if (exists_itself(move.to)) move_tree(files, move.to, move.from);
    return;
  }
  if (exists_itself(move.from) || !exists_itself(move.to)) return;  // it was never made
  if (!is_directory_itself(move.to)) remove_fresh_bytecode(files, move.to);
  check(files.move(move.to, move.from), move.to);
}

}  // namespace

std::optional<MoveFailure> make_moves(FileOperations& files, const Journal& journal) noexcept {
  try {
    for (const Move& move : journal.moves) make_move(files, move);
  } catch (const Failed& failed) {
    return failed.failure;
  }
  return std::nullopt;
}

std::optional<MoveFailure> undo_moves(FileOperations& files, const Journal& journal) noexcept {
  std::optional<MoveFailure> first;
  for (auto move = journal.moves.rbegin(); move != journal.moves.rend(); ++move) {
    try {
      undo_move(files, *move);
    } catch (const Failed& failed) {
      if (!first) first = failed.failure;
    }
  }
  return first;
}

void save_journal(FileOperations& files, const Journal& journal, const fs::path& home) {
  fs::path beside = journal_file(home);
  beside += ".new";
  write_file(files, beside, write_journal(journal), 0600);
  require(files.sync(beside), beside);
  require(files.replace(beside, journal_file(home)), journal_file(home));
  require(files.sync(home), home);
}

}  // namespace wheelfit::install
