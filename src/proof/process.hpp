// SPDX-License-Identifier: Apache-2.0
// A model of a running program: the objects it has loaded, their order, and what dlopen of one more would
// bring in. Mirrors glibc's loader (elf/dl-load.c, dl-deps.c, dl-open.c). Nothing is executed.
//
// A value: copying it is how one asks "what if". The LibraryCache it was made with outlives all copies.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proof/library_cache.hpp"
#include "proof/search.hpp"

namespace wheelfit::proof {

struct LoadedObject {
  const Library* library = nullptr;
  std::filesystem::path path;         // by which it was opened
  std::vector<std::string> names;     // under which others have asked for it
  std::optional<std::size_t> loader;  // who asked first; nobody for the program and for what dlopen opened
  std::vector<std::size_t> needed;    // its DT_NEEDED, as far as they were found

  std::string file_name() const { return path.filename().string(); }
};

// One DT_NEEDED of an object that was not loaded before.
struct Need {
  std::string name;
  std::size_t wanted_by = 0;
  SearchResult result;
};

struct LoadResult {
  std::optional<std::size_t> object;  // nullopt where the file is no object for this program
  std::string problem;                // why not
  std::vector<std::size_t> added;     // loaded by this, in the order of loading; `object` first if it is new
  std::vector<std::size_t> scope;     // the object and all it depends on, breadth first: the look-up order
  std::vector<Need> needs;            // of `added`

  // Whether every library was found and is usable.
  bool complete() const;
};

enum class Visibility { local, global };  // RTLD_LOCAL, RTLD_GLOBAL

class Process {
 public:
  // settings.machine is taken from the program.
  Process(LibraryCache& cache, SearchSettings settings);

  // The main program with all it depends on, and its interpreter (ld.so). To be called once, first.
  LoadResult start(const std::filesystem::path& executable);
  // dlopen(path, RTLD_NOW | visibility). Objects stay loaded where a library of theirs is missing: the caller
  // that would have it undone asks a copy.
  LoadResult load(const std::filesystem::path& path, Visibility visibility);

  // dlopen("libx.so.1", RTLD_NOW): by name, as the program would search for it. A library of an unversioned
  // file name answers to `name` afterwards.
  SearchResult load_by_name(std::string_view name);

  const std::vector<LoadedObject>& objects() const noexcept { return objects_; }
  const binary::ElfImage& image(std::size_t object) const { return objects_[object].library->image; }
  // The scope that every object's look-ups begin with.
  const std::vector<std::size_t>& global_scope() const noexcept { return global_; }
  // The loaded object that a DT_NEEDED of this name would be bound to.
  std::optional<std::size_t> find(std::string_view name) const;
  binary::Machine machine() const noexcept { return settings_.machine; }
  LibraryCache& cache() const noexcept { return *cache_; }
  // Those that were there when main() began.
  std::size_t start_count() const noexcept { return start_count_; }

 private:
  std::size_t add(const Library& library, std::filesystem::path path, std::string name,
                  std::optional<std::size_t> loader, LoadResult& result);
  LoadResult open(const std::filesystem::path& path);
  void resolve_needs(std::size_t object, LoadResult& result);
  std::vector<Requester> chain_of(std::size_t object) const;
  void collect(LoadResult& result);
  void publish(const std::vector<std::size_t>& scope);

  LibraryCache* cache_;
  SearchSettings settings_;
  std::vector<LoadedObject> objects_;
  std::vector<std::size_t> global_;
  std::size_t start_count_ = 0;
};

}  // namespace wheelfit::proof
