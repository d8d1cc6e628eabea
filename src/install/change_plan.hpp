// SPDX-License-Identifier: Apache-2.0
// Turns "these files go, those come" into the fewest moves: a directory that goes or comes as a whole is one
// move.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "install/install.hpp"
#include "install/installed.hpp"
#include "install/journal.hpp"
#include "install/workplace.hpp"

namespace wheelfit::install {

class ChangePlan {
 public:
  // `destination` canonical; `replaced` are the dist-info directories that go. Throws what installed_files()
  // does.
  ChangePlan(const Destination& destination, const std::vector<std::filesystem::path>& replaced);

  // `target` is to come. Throws Error{refused, "conflict"} where it would overwrite a file of a distribution
  // that stays, or lies behind a symbolic link or below a file. A file that belongs to nobody goes.
  void add(const std::filesystem::path& target);
  // The moves, with their places in `workplace`.
  std::vector<Move> moves(Workplace& workplace);

 private:
  void keep_shared_files();
  bool goes(const std::filesystem::path& path) const;
  bool goes_whole(const std::filesystem::path& directory);
  bool is_protected(const std::filesystem::path& directory) const;
  std::set<std::filesystem::path> stash_units();
  std::filesystem::path publish_unit(const std::filesystem::path& target,
                                     const std::set<std::filesystem::path>& stashed) const;
  void check_parents(const std::filesystem::path& target);

  Destination destination_;
  Owners owners_;
  std::set<std::filesystem::path> going_;
  std::set<std::filesystem::path> coming_;
  std::set<std::filesystem::path> checked_parents_;
  std::vector<std::filesystem::path> roots_;
  std::map<std::filesystem::path, bool> whole_;
};

}  // namespace wheelfit::install
