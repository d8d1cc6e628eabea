// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <set>
#include <thread>

#include "install/install.hpp"
#include "install/installed.hpp"
#include "install/journal.hpp"
#include "install/moves.hpp"
#include "install/workplace.hpp"
#include "system/files.hpp"

namespace wheelfit::install {
namespace fs = std::filesystem;
namespace {

// A killed run's child still finishes its moves: milliseconds. Who holds a lock longer is at work.
constexpr auto patience = std::chrono::milliseconds(1000);
constexpr auto pause = std::chrono::milliseconds(20);

bool is_abandoned(const fs::path& directory) {
  for (auto waited = std::chrono::milliseconds(0); waited < patience; waited += pause) {
    if (DirectoryLock(directory, DirectoryLock::Wait::no).held()) return true;
    std::this_thread::sleep_for(pause);
  }
  return false;
}

std::set<fs::path> private_directories(const Destination& destination) {
  std::set<fs::path> found;
  for (const fs::path& root : roots_of(destination, destination.platlib)) {
    std::error_code failed;
    for (fs::directory_iterator entry(nearest_existing(root), failed), end; !failed && entry != end;
         entry.increment(failed)) {
      if (is_private_directory(entry->path())) found.insert(entry->path());
    }
  }
  return found;
}

void discard(FileOperations& files, const Journal& journal, const fs::path& home) {
  files.remove_file(journal_file(home));
  for (const fs::path& directory : journal.directories) {
    if (is_private_directory(directory)) remove_tree(files, directory);
  }
  remove_tree(files, home);
}

Text settle(FileOperations& files, const fs::path& home) {
  const auto journal = parse_journal(system::read_file(journal_file(home)));
  if (!journal)
    return text("{} holds a journal that cannot be read: {}", home.string(), journal.error().message);
  // What was published but perhaps never reached the disk counts only as long as the machine stayed up.
  const bool whole = exists_itself(published_marker(home)) && journal->boot == boot_id();
  if (!whole) {
    if (const auto failure = undo_moves(files, *journal)) {
      return text("an interrupted change in {} could not be taken back: {}", home.parent_path().string(),
                  file_error(failure->path, failure->code).sentence().english());
    }
  }
  discard(files, *journal, home);
  return whole ? text("finished the interrupted change in {}", home.parent_path().string())
               : text("took back the interrupted change in {}", home.parent_path().string());
}

}  // namespace

std::vector<Text> recover(const Destination& destination) {
  FileOperations& files = real_file_operations();
  const std::set<fs::path> found = private_directories(canonical(destination));
  std::vector<Text> done;
  std::set<fs::path> kept;
  for (const fs::path& home : found) {
    if (!exists_itself(journal_file(home))) continue;
    if (is_abandoned(home)) {
      done.push_back(settle(files, home));
    }
    if (const auto text_of_journal = system::read_file_if_any(journal_file(home))) {
      // Still there: its directories are needed.
      if (const auto journal = parse_journal(*text_of_journal))
        kept.insert(journal->directories.begin(), journal->directories.end());
      kept.insert(home);
    }
  }
  for (const fs::path& directory : found) {
    if (kept.contains(directory) || !exists_itself(directory) || !is_abandoned(directory)) continue;
    remove_tree(files, directory);
    done.push_back(
        text("removed what an interrupted run had prepared in {}", directory.parent_path().string()));
  }
  return done;
}

}  // namespace wheelfit::install
