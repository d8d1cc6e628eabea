// SPDX-License-Identifier: Apache-2.0
// The objects of one run, each mapped and parsed once, and the loader's cache of the machine; all paths are
// below a root, so that a test or a mounted image plays "/". A value to be passed on; not thread-safe.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "binary/elf.hpp"
#include "proof/loader_cache.hpp"
#include "system/mapped_file.hpp"

namespace wheelfit::proof {

// An object that could be read. Lives as long as the LibraryCache; its address is its identity: two paths to
// one file are one Library.
struct Library {
  std::filesystem::path real_path;  // links resolved, below the root
  system::MappedFile file;
  binary::ElfImage image;
};

enum class OpenState {
  readable,
  absent,         // no such file, or it may not be read
  other_machine,  // 32-bit, big-endian: the loader passes over it while it searches
  unusable,       // no ELF object, or a damaged one: ends the loader's search with an error
};

struct OpenedLibrary {
  OpenState state = OpenState::absent;
  const Library* library = nullptr;  // set where readable
  std::string problem;               // "a linker script, not an ELF object"
};

class LibraryCache {
 public:
  explicit LibraryCache(std::filesystem::path root = "/");

  // `path` is absolute, as a program below the root would name it.
  const OpenedLibrary& open(const std::filesystem::path& path);
  // Lets a file that is not yet in its place be found there: what will be `path` is, for now, `staged` (which
  // is not below the root). Before anything asks for it.
  void stage(const std::filesystem::path& path, std::filesystem::path staged);

  // Links resolved below the root; nullopt where nothing is there.
  std::optional<std::filesystem::path> real_path(const std::filesystem::path& path) const;
  // The names in a directory, sorted; none where it cannot be read.
  std::vector<std::string> names_in(const std::filesystem::path& directory) const;
  // /etc/ld.so.cache; empty where there is none, or none that can be read.
  const LoaderCache& loader_cache();

 private:
  std::filesystem::path on_machine(const std::filesystem::path& path) const;
  // Also what a staged file's place will make one. `real` has no links in it.
  bool is_directory(const std::filesystem::path& real) const;
  OpenedLibrary load(const std::filesystem::path& real, const std::filesystem::path& file);

  std::filesystem::path root_;
  std::map<std::filesystem::path, std::filesystem::path> staged_;
  std::map<std::filesystem::path, OpenedLibrary> by_path_;
  std::map<std::filesystem::path, OpenedLibrary> by_real_path_;
  std::vector<std::unique_ptr<Library>> libraries_;
  std::optional<LoaderCache> loader_cache_;
};

}  // namespace wheelfit::proof
