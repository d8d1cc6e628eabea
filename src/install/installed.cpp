// SPDX-License-Identifier: Apache-2.0
#include "install/installed.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "install/bytecode.hpp"
#include "install/file_operations.hpp"
#include "python/package_name.hpp"
#include "python/record.hpp"
#include "system/files.hpp"

namespace wheelfit::install {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void refuse(Text sentence, const char* code, std::vector<Text> cures = {}) {
  throw Error(ErrorKind::refused, std::move(sentence), std::move(cures)).with_code(code);
}

fs::path canonical_path(const fs::path& path) {
  std::error_code failed;
  fs::path result = fs::weakly_canonical(path, failed);
  if (failed) result = path.lexically_normal();
  return result.has_filename() ? result : result.parent_path();
}

python::Record read_record(const fs::path& dist_info) {
  const auto text_of_record = system::read_file_if_any(dist_info / "RECORD", 256U << 20U);
  if (!text_of_record) {
    refuse(text("{} has no RECORD, so nobody knows which files belong to it", dist_info.filename().string()),
           "no-record", {"remove it with the tool that installed it"});
  }
  auto record = python::parse_record(*text_of_record);
  if (!record) {
    refuse(text("the RECORD of {} cannot be read: {}", dist_info.filename().string(), record.error().message),
           "record");
  }
  return *std::move(record);
}

// Lexically and through symbolic links: both have to stay inside.
void check_inside(const fs::path& file, const fs::path& dist_info, const std::vector<fs::path>& roots) {
  const fs::path real = canonical_path(file.parent_path()) / file.filename();
  for (const fs::path& path : {file, real}) {
    const bool inside =
        std::any_of(roots.begin(), roots.end(), [&](const fs::path& root) { return is_below(path, root); });
    if (!inside) {
      refuse(text("the RECORD of {} names {}, which is outside the environment",
                  dist_info.filename().string(), path.string()),
             "path-escape", {"remove that distribution by hand"});
    }
  }
}

void add_tree(const fs::path& directory, std::set<fs::path>& files) {
  std::error_code failed;
  for (fs::recursive_directory_iterator entry(directory, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    if (entry->symlink_status().type() != fs::file_type::directory) files.insert(entry->path());
  }
}

}  // namespace

Destination canonical(const Destination& destination) {
  Destination result = destination;
  for (fs::path* path : {&result.purelib, &result.platlib, &result.scripts, &result.headers, &result.data}) {
    if (!path->empty()) *path = canonical_path(*path);
  }
  return result;  // the interpreter stays as it is: its link is what makes a virtual environment one
}

std::vector<fs::path> roots_of(const Destination& destination, const fs::path& site) {
  std::vector<fs::path> roots = {canonical_path(site)};
  for (const fs::path& root : {destination.purelib, destination.platlib, destination.scripts,
                               destination.headers, destination.data}) {
    if (!root.empty() && std::find(roots.begin(), roots.end(), root) == roots.end()) roots.push_back(root);
  }
  return roots;
}

bool is_below(const fs::path& path, const fs::path& root) {
  const auto [in_root, in_path] = std::mismatch(root.begin(), root.end(), path.begin(), path.end());
  return in_root == root.end() && in_path != path.end();
}

std::string distribution_of(const fs::path& dist_info) {
  const std::string name = dist_info.filename().string();
  if (!name.ends_with(".dist-info")) return {};
  const std::string stem = name.substr(0, name.size() - 10);
  return python::normalized_name(stem.substr(0, stem.rfind('-')));
}

std::vector<fs::path> find_distribution(const Destination& destination, const std::string& name) {
  const std::string wanted = python::normalized_name(name);
  std::set<fs::path> found;
  for (const fs::path& site : {destination.purelib, destination.platlib}) {
    std::error_code failed;
    for (fs::directory_iterator entry(site, failed), end; !failed && entry != end; entry.increment(failed)) {
      if (distribution_of(entry->path()) == wanted) found.insert(entry->path());
    }
  }
  return {found.begin(), found.end()};
}

std::set<fs::path> installed_files(const fs::path& dist_info, const Destination& destination) {
  if (!dist_info.filename().string().ends_with(".dist-info")) {
    refuse(text("{} was installed by an old setuptools or distutils, which kept no list of its files",
                dist_info.filename().string()),
           "egg-info", {"remove it with the tool that installed it"});
  }
  const std::vector<fs::path> roots = roots_of(destination, dist_info.parent_path());
  const fs::path site = roots.front();
  std::set<fs::path> files;
  for (const python::RecordEntry& row : read_record(dist_info)) {
    const fs::path file = (site / row.path).lexically_normal();
    check_inside(file, dist_info, roots);
    for (const fs::path& bytecode : bytecode_of(file)) files.insert(bytecode);
    std::error_code failed;
    const fs::file_type type = fs::symlink_status(file, failed).type();
    if (type != fs::file_type::not_found && type != fs::file_type::directory) files.insert(file);
  }
  add_tree(site / dist_info.filename(), files);
  return files;
}

std::optional<std::string> Owners::owner_of(const fs::path& file) {
  if (!owners_) read_records();
  const auto found = owners_->find(file.string());
  return found == owners_->end() ? std::nullopt : std::optional(found->second);
}

void Owners::read_records() {
  owners_.emplace();
  for (const fs::path& site : sites_) {
    std::error_code failed;
    for (fs::directory_iterator entry(site, failed), end; !failed && entry != end; entry.increment(failed)) {
      const fs::path& dist_info = entry->path();
      if (distribution_of(dist_info).empty()) continue;
      if (std::find(except_.begin(), except_.end(), dist_info) != except_.end()) continue;
      const auto text_of_record = system::read_file_if_any(dist_info / "RECORD", 256U << 20U);
      if (!text_of_record) continue;
      const auto record = python::parse_record(*text_of_record);
      if (!record) continue;  // a distribution that cannot say what it owns owns nothing
      const std::string name = dist_info.stem().string();
      for (const python::RecordEntry& row : *record) {
        owners_->emplace((site / row.path).lexically_normal().string(), name);
      }
    }
  }
}

}  // namespace wheelfit::install
