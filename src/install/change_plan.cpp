// SPDX-License-Identifier: Apache-2.0
#include "install/change_plan.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "install/file_operations.hpp"

namespace wheelfit::install {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void refuse(Text sentence, std::vector<Text> cures = {}) {
  throw Error(ErrorKind::refused, std::move(sentence), std::move(cures)).with_code("conflict");
}

std::vector<fs::path> sites_of(const Destination& destination, const std::vector<fs::path>& replaced) {
  std::set<fs::path> sites = {destination.purelib, destination.platlib};
  for (const fs::path& dist_info : replaced) sites.insert(dist_info.parent_path());
  return {sites.begin(), sites.end()};
}

fs::file_type type_of(const fs::path& path) {
  std::error_code failed;
  return fs::symlink_status(path, failed).type();
}

// A virtual environment is born with these alone; "share" and "etc" come and go with distributions. Any other
// prefix (/usr/local, Conda's) has directories of its own that may well be empty.
bool stands_in_prefix(const fs::path& directory, const fs::path& prefix) {
  if (directory.parent_path() != prefix) return false;
  // A link ("lib64") is somebody's arrangement too.
  if (!exists_itself(prefix / "pyvenv.cfg") || type_of(directory) == fs::file_type::symlink) return true;
  const fs::path name = directory.filename();
  return name == "bin" || name == "lib" || name == "lib64" || name == "include";
}

// `path` is one of `units` or lies below one.
bool is_covered(fs::path path, const std::set<fs::path>& units) {
  for (; path != path.parent_path(); path = path.parent_path()) {
    if (units.contains(path)) return true;
  }
  return false;
}

}  // namespace

ChangePlan::ChangePlan(const Destination& destination, const std::vector<fs::path>& replaced)
    : destination_(destination), owners_(sites_of(destination, replaced), replaced) {
  roots_ = roots_of(destination, destination.platlib);
  for (const fs::path& dist_info : replaced) {
    going_.merge(installed_files(dist_info, destination));
    roots_.push_back(dist_info.parent_path());
  }
  if (!going_.empty()) keep_shared_files();
}

// A file that another distribution lists as well stays for it.
void ChangePlan::keep_shared_files() {
  std::erase_if(going_, [&](const fs::path& file) { return owners_.owner_of(file).has_value(); });
}

void ChangePlan::add(const fs::path& target) {
  check_parents(target);
  coming_.insert(target);
  const fs::file_type type = type_of(target);
  if (type == fs::file_type::not_found || going_.contains(target)) return;
  if (type == fs::file_type::directory) {
    if (goes_whole(target)) return;
    refuse(text("the wheel brings the file {}, where a directory is", target.string()));
  }
  if (const auto owner = owners_.owner_of(target)) {
    refuse(text("{} belongs to {} and would be overwritten", target.string(), *owner),
           {text("uninstall {} first, or use another environment", *owner)});
  }
  going_.insert(target);
}

// Below the roots every parent has to be a real directory, or to be made.
void ChangePlan::check_parents(const fs::path& target) {
  for (fs::path parent = target.parent_path(); !is_protected(parent); parent = parent.parent_path()) {
    if (!checked_parents_.insert(parent).second) return;
    const fs::file_type type = type_of(parent);
    if (type == fs::file_type::not_found || type == fs::file_type::directory || going_.contains(parent))
      continue;
    if (type == fs::file_type::symlink) {
      refuse(text("{} is a symbolic link that leads elsewhere: nothing is installed through it",
                  parent.string()),
             {text("remove the link {}, or use another environment", parent.string())});
    }
    refuse(text("the wheel needs the directory {}, where a file is", parent.string()));
  }
}

// What an environment has before anything is installed into it: the prefix, its standing directories, and the
// roots with all above them. The headers' directory is made by the first distribution that has some.
bool ChangePlan::is_protected(const fs::path& directory) const {
  if (directory == directory.parent_path() || stands_in_prefix(directory, destination_.data)) return true;
  return std::any_of(roots_.begin(), roots_.end(), [&](const fs::path& root) {
    if (root == destination_.headers) return false;
    return directory == root || is_below(root, directory);
  });
}

bool ChangePlan::goes(const fs::path& path) const { return going_.contains(path); }

// Whether nothing in the directory stays. Empty directories in it go along.
bool ChangePlan::goes_whole(const fs::path& directory) {
  if (is_protected(directory)) return false;
  const auto known = whole_.find(directory);
  if (known != whole_.end()) return known->second;
  bool whole = true;
  std::error_code failed;
  for (fs::directory_iterator entry(directory, failed), end; whole && !failed && entry != end;
       entry.increment(failed)) {
    const bool nested = entry->symlink_status().type() == fs::file_type::directory;
    whole = nested ? goes_whole(entry->path()) : goes(entry->path());
  }
  whole = whole && !failed;
  whole_.emplace(directory, whole);
  return whole;
}

std::set<fs::path> ChangePlan::stash_units() {
  whole_.clear();  // files were added since
  std::set<fs::path> units;
  for (const fs::path& file : going_) {
    fs::path unit = file;
    while (goes_whole(unit.parent_path())) unit = unit.parent_path();
    units.insert(unit);
  }
  return units;
}

// The topmost part of `target` that will not exist once the stashed units are gone.
fs::path ChangePlan::publish_unit(const fs::path& target, const std::set<fs::path>& stashed) const {
  fs::path unit = target;
  while (!exists_itself(unit.parent_path()) || is_covered(unit.parent_path(), stashed))
    unit = unit.parent_path();
  return unit;
}

std::vector<Move> ChangePlan::moves(Workplace& workplace) {
  std::vector<Move> moves;
  const std::set<fs::path> stashed = stash_units();
  for (const fs::path& unit : stashed) moves.push_back({MoveKind::stash, unit, workplace.stashed(unit)});
  std::set<fs::path> published;
  for (const fs::path& target : coming_) published.insert(publish_unit(target, stashed));
  std::vector<Move> last;  // the dist-info: what makes the distribution count as installed
  for (const fs::path& unit : published) {
    auto& list = unit.extension() == ".dist-info" ? last : moves;
    list.push_back({MoveKind::publish, workplace.staged(unit), unit});
  }
  moves.insert(moves.end(), last.begin(), last.end());
  return moves;
}

}  // namespace wheelfit::install
