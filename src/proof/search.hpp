// SPDX-License-Identifier: Apache-2.0
// Where the file behind a library's name comes from, as glibc's loader finds it (ld.so(8);
// elf/dl-load.c): DT_RPATH of the asking object and of those that loaded it, LD_LIBRARY_PATH, DT_RUNPATH,
// /etc/ld.so.cache, the default directories. Libraries that are loaded already come first; that is
// process.hpp.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "binary/elf_identity.hpp"
#include "proof/library_cache.hpp"

namespace wheelfit::proof {

enum class FoundBy {
  nothing,         // it was not found
  already_loaded,  // by the program, or by something imported before
  path,            // the name has a slash, or it was given
  rpath,
  library_path,  // LD_LIBRARY_PATH
  runpath,
  loader_cache,
  default_directory,
};

// "rpath", "ld.so.cache": for listings and JSON.
std::string_view to_string(FoundBy found_by) noexcept;

struct SearchSettings {
  binary::Machine machine{};              // the program's
  std::vector<std::string> library_path;  // LD_LIBRARY_PATH; may hold $ORIGIN of the program
  // The glibc-hwcaps directories that the processor supports, best first. None: the plain libraries are
  // looked at; the others have the same interface.
  std::vector<std::string> hwcaps;
};

// An object as one that asks for libraries. Its image outlives it.
struct Requester {
  std::filesystem::path path;  // its directory is $ORIGIN
  const binary::ElfImage* image = nullptr;
};

struct SearchResult {
  FoundBy found_by = FoundBy::nothing;
  std::filesystem::path path;        // as the loader would name it
  const Library* library = nullptr;  // nullptr where nothing was found, or the file that was is unusable
  std::string
      problem;  // of an unusable file that ended the search; else of one that was passed over; else ""
};

// ':' (for LD_LIBRARY_PATH also ';') separated; an empty part is the working directory, which this program
// does not model, and is left out.
std::vector<std::string> split_path_list(std::string_view list);

// $ORIGIN, $LIB and $PLATFORM (also in braces) replaced; several where $LIB differs between systems.
std::vector<std::filesystem::path> expand_tokens(std::string_view directory,
                                                 const std::filesystem::path& origin,
                                                 binary::Machine machine);

// The default directories, in the order of Debian's, Fedora's and everybody's loader.
std::vector<std::filesystem::path> default_directories(binary::Machine machine);

// `chain`: who asks, then who loaded that one, and so on; `program`: the main program, whose DT_RPATH counts
// for everyone (its image may be nullptr).
SearchResult search(LibraryCache& cache, const SearchSettings& settings, std::string_view name,
                    std::span<const Requester> chain, const Requester& program);

}  // namespace wheelfit::proof
