// SPDX-License-Identifier: Apache-2.0
#include "probe/rooted_files.hpp"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <list>
#include <memory>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "system/files.hpp"

namespace wheelfit::probe {
namespace {

constexpr int maximum_links = 40;  // as Linux itself allows

struct CloseDirectory {
  void operator()(DIR* directory) const noexcept { closedir(directory); }
};

}  // namespace

RootedFiles::RootedFiles(std::filesystem::path root) : root_(root.empty() ? "/" : absolute_path(root, "/")) {}

bool RootedFiles::below_root(const std::filesystem::path& path) const {
  const auto relative = path.lexically_relative(root_);
  return !relative.empty() && *relative.begin() != "..";
}

std::filesystem::path RootedFiles::machine(const std::filesystem::path& absolute) const {
  if (is_root() || below_root(absolute)) return absolute;
  return root_ / absolute.relative_path();
}

std::filesystem::path RootedFiles::named(const std::filesystem::path& absolute) const {
  const std::filesystem::path mapped = machine(absolute);
  std::error_code error;
  const bool there = std::filesystem::exists(std::filesystem::symlink_status(mapped, error));
  return there ? mapped : absolute;
}

std::filesystem::path RootedFiles::environment(const std::filesystem::path& absolute) const {
  return is_outside_ ? named(absolute) : machine(absolute);
}

std::optional<std::filesystem::path> RootedFiles::followed(const std::filesystem::path& path) const {
  // Component by component, so that an absolute link within a test world stays in that world.
  const std::filesystem::path start = path.lexically_normal();
  std::list<std::filesystem::path> pending(start.begin(), start.end());
  std::filesystem::path result;
  int links = 0;
  while (!pending.empty()) {
    const std::filesystem::path name = pending.front();
    pending.pop_front();
    if (name.empty() || name == ".") continue;
    if (name == "..") {
      result = result.parent_path();
      continue;
    }
    result /= name;
    std::error_code error;
    const std::filesystem::path target = std::filesystem::read_symlink(result, error);
    if (error) continue;
    if (++links > maximum_links) return std::nullopt;
    const std::filesystem::path next = target.is_absolute() ? environment(target) : target;
    pending.insert(pending.begin(), next.begin(), next.end());
    result = target.is_absolute() ? std::filesystem::path() : result.parent_path();
  }
  if (!path_exists(result)) return std::nullopt;
  return result;
}

std::optional<std::string> read_file(const std::filesystem::path& path, std::size_t limit) {
  // A pipe would keep us waiting.
  return file_exists(path) ? system::read_file_if_any(path, limit) : std::nullopt;
}

std::optional<system::MappedFile> map_file(const std::filesystem::path& path) {
  if (!file_exists(path)) return std::nullopt;
  try {
    return system::MappedFile(path);
  } catch (const Error&) {
    return std::nullopt;
  }
}

bool path_exists(const std::filesystem::path& path) {
  struct stat status{};
  return stat(path.c_str(), &status) == 0;
}

bool directory_exists(const std::filesystem::path& path) {
  struct stat status{};
  return stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

bool file_exists(const std::filesystem::path& path) {
  struct stat status{};
  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

bool is_writable_directory(const std::filesystem::path& path) {
  std::filesystem::path at = path;
  while (!path_exists(at)) {
    if (!at.has_relative_path()) return false;
    at = at.parent_path();
  }
  return directory_exists(at) && access(at.c_str(), W_OK) == 0;
}

std::vector<std::string> names_in(const std::filesystem::path& directory) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, CloseDirectory> handle(opendir(directory.c_str()));
  if (!handle) return names;
  while (const dirent* entry = readdir(handle.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  std::ranges::sort(names);
  return names;
}

std::filesystem::path absolute_path(const std::filesystem::path& path,
                                    const std::filesystem::path& directory) {
  std::filesystem::path normal = (directory / path).lexically_normal();
  if (!normal.has_filename() && normal.has_relative_path()) normal = normal.parent_path();
  return normal;
}

}  // namespace wheelfit::probe
