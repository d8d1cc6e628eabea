// SPDX-License-Identifier: Apache-2.0
// The probed system's files. In life its root is "/"; a test world is a directory that plays "/".
//
// Three kinds of paths go in, and paths that can be opened as they stand come out; in life all are the same:
//   machine(p)      /proc, /sys, /etc, drivers, toolkits: always below the root;
//   named(p)        what the user names (--python, VIRTUAL_ENV): below the root where it exists there, else
//   as it
//                   stands, so that a test can put a real interpreter on a machine of its own making;
//   environment(p)  what pyvenv.cfg, links, .pth files, HOME and the like name: as named() once the
//   interpreter is
//                   known to lie outside the root, else below the root.
// A path that lies below the root already is left alone. Links with absolute targets are followed within the
// root by followed(); other calls leave that to the kernel. Nothing throws: what cannot be read is not there.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "system/mapped_file.hpp"

namespace wheelfit::probe {

class RootedFiles {
 public:
  explicit RootedFiles(std::filesystem::path root);

  std::filesystem::path machine(const std::filesystem::path& absolute) const;
  std::filesystem::path named(const std::filesystem::path& absolute) const;
  std::filesystem::path environment(const std::filesystem::path& absolute) const;
  // To be called once the interpreter is chosen.
  void set_interpreter(const std::filesystem::path& executable) { is_outside_ = !below_root(executable); }

  // Symlinks are followed to the end, absolute targets within the probed system; "." and ".." are gone.
  // nullopt where the file is not there or the links go in circles.
  std::optional<std::filesystem::path> followed(const std::filesystem::path& path) const;

  bool is_root() const noexcept { return root_ == "/"; }
  const std::filesystem::path& root() const noexcept { return root_; }

 private:
  bool below_root(const std::filesystem::path& path) const;

  std::filesystem::path root_;
  bool is_outside_ = false;
};

// A file's first `limit` bytes; nullopt where it cannot be read. Files of /proc and /sys are fine.
std::optional<std::string> read_file(const std::filesystem::path& path,
                                     std::size_t limit = std::size_t{16} << 20);
// Only the pages that are looked at are read; nullopt where it cannot be opened.
std::optional<system::MappedFile> map_file(const std::filesystem::path& path);
bool path_exists(const std::filesystem::path& path);
bool directory_exists(const std::filesystem::path& path);
bool file_exists(const std::filesystem::path& path);
// Whether this user may write there, or into the first parent that exists.
bool is_writable_directory(const std::filesystem::path& path);
// Names in a directory, sorted; empty where it cannot be read.
std::vector<std::string> names_in(const std::filesystem::path& directory);
// Absolute, without "." and ".." and a trailing slash; links are not followed (os.path.abspath).
std::filesystem::path absolute_path(const std::filesystem::path& path,
                                    const std::filesystem::path& directory);

}  // namespace wheelfit::probe
