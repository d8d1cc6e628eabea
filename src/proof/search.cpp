// SPDX-License-Identifier: Apache-2.0
#include "proof/search.hpp"

#include <fmt/core.h>

namespace wheelfit::proof {
namespace {

namespace fs = std::filesystem;
using binary::Machine;

// As Debian names its library directories.
std::string multiarch(Machine machine) { return binary::machine_name(machine) + "-linux-gnu"; }

// Every spelling of the token at `at`, "" where there is none.
std::string_view token_at(std::string_view text, std::size_t at, std::string_view name) {
  const std::string_view rest = text.substr(at);
  if (rest.starts_with(fmt::format("${{{}}}", name))) return rest.substr(0, name.size() + 3);
  const auto is_word = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  if (!rest.starts_with(fmt::format("${}", name))) return {};
  if (rest.size() > name.size() + 1 && is_word(rest[name.size() + 1])) return {};
  return rest.substr(0, name.size() + 1);
}

std::string replaced(std::string text, std::string_view name, std::string_view value) {
  for (std::size_t at = text.find('$'); at != std::string::npos; at = text.find('$', at)) {
    const std::size_t length = token_at(text, at, name).size();
    if (length == 0) {
      ++at;
      continue;
    }
    text.replace(at, length, value);
    at += value.size();
  }
  return text;
}

bool is_default_directory(const fs::path& directory, Machine machine) {
  for (const fs::path& standard : default_directories(machine))
    if (standard == directory) return true;
  return false;
}

class Search {
 public:
  Search(LibraryCache& cache, const SearchSettings& settings, std::string_view name)
      : cache_(cache), settings_(settings), name_(name) {}

  // All of these say whether the search has ended.
  bool in_list(std::string_view list, const fs::path& origin, FoundBy by) {
    for (const std::string& part : split_path_list(list))
      for (const fs::path& directory : expand_tokens(part, origin, settings_.machine))
        if (in_directory(directory, by)) return true;
    return false;
  }
  bool in_directory(const fs::path& directory, FoundBy by) {
    for (const std::string& hwcaps : settings_.hwcaps)
      if (at(directory / "glibc-hwcaps" / hwcaps / name_, by)) return true;
    return at(directory / name_, by);
  }
  bool at(const fs::path& path, FoundBy by) {
    if (!path.is_absolute()) return false;
    const OpenedLibrary& opened = cache_.open(path);
    if (opened.state == OpenState::absent) return false;
    const bool foreign =
        opened.state == OpenState::other_machine ||
        (opened.library != nullptr && opened.library->image.identity().machine != settings_.machine);
    if (foreign) {
      if (result_.problem.empty()) result_.problem = problem_of(opened);
      return false;
    }
    result_ = {by, path, opened.library, opened.problem};
    return true;
  }

  SearchResult result() { return std::move(result_); }

 private:
  static std::string problem_of(const OpenedLibrary& opened) {
    if (opened.library == nullptr) return opened.problem;
    return "built for " + binary::machine_name(opened.library->image.identity().machine);
  }

  LibraryCache& cache_;
  const SearchSettings& settings_;
  std::string name_;
  SearchResult result_;
};

std::string_view rpath_of(const Requester& object) {
  // Where an object has both, the loader does not heed DT_RPATH.
  const bool heeded = object.image != nullptr && object.image->runpath().empty();
  return heeded ? object.image->rpath() : std::string_view{};
}

bool by_rpaths(Search& search, std::span<const Requester> chain, const Requester& program) {
  for (const Requester& object : chain)
    if (search.in_list(rpath_of(object), object.path.parent_path(), FoundBy::rpath)) return true;
  return search.in_list(rpath_of(program), program.path.parent_path(), FoundBy::rpath);
}

}  // namespace

std::string_view to_string(FoundBy found_by) noexcept {
  switch (found_by) {
    case FoundBy::nothing:
      return "nothing";
    case FoundBy::already_loaded:
      return "already-loaded";
    case FoundBy::path:
      return "path";
    case FoundBy::rpath:
      return "rpath";
    case FoundBy::library_path:
      return "library-path";
    case FoundBy::runpath:
      return "runpath";
    case FoundBy::loader_cache:
      return "ld.so.cache";
    case FoundBy::default_directory:
      return "default-directory";
  }
  return "nothing";
}

std::vector<std::string> split_path_list(std::string_view list) {
  std::vector<std::string> parts;
  while (!list.empty()) {
    const auto end = list.find_first_of(":;");
    if (end != 0) parts.emplace_back(list.substr(0, end));
    list = end == std::string_view::npos ? std::string_view{} : list.substr(end + 1);
  }
  return parts;
}

std::vector<fs::path> expand_tokens(std::string_view directory, const fs::path& origin, Machine machine) {
  std::string text = replaced(std::string(directory), "ORIGIN", origin.native());
  text = replaced(std::move(text), "PLATFORM", binary::machine_name(machine));
  std::vector<fs::path> expanded;
  for (const std::string& lib : {"lib/" + multiarch(machine), std::string("lib64"), std::string("lib")}) {
    std::string one = replaced(text, "LIB", lib);
    const bool had_token = one != text;
    expanded.emplace_back(std::move(one));
    if (!had_token) break;
  }
  return expanded;
}

std::vector<fs::path> default_directories(Machine machine) {
  const std::string own = multiarch(machine);
  return {"/lib/" + own, "/usr/lib/" + own, "/lib64", "/usr/lib64", "/lib", "/usr/lib"};
}

SearchResult search(LibraryCache& cache, const SearchSettings& settings, std::string_view name,
                    std::span<const Requester> chain, const Requester& program) {
  Search search(cache, settings, name);
  const Requester& asking = chain.empty() ? program : chain.front();
  const fs::path origin = asking.path.parent_path();
  if (name.find('/') != std::string_view::npos) {
    for (const fs::path& path : expand_tokens(name, origin, settings.machine))
      if (search.at(path, FoundBy::path)) break;
    return search.result();
  }
  const bool has_runpath = asking.image != nullptr && !asking.image->runpath().empty();
  if (!has_runpath && by_rpaths(search, chain, program)) return search.result();
  for (const std::string& directory : settings.library_path)
    if (search.in_list(directory, program.path.parent_path(), FoundBy::library_path)) return search.result();
  if (has_runpath && search.in_list(asking.image->runpath(), origin, FoundBy::runpath))
    return search.result();
  const bool no_default = asking.image != nullptr && asking.image->flags().no_default_library;
  const fs::path cached = cache.loader_cache().find(name, settings.machine, settings.hwcaps);
  const bool heeded = !no_default || !is_default_directory(cached.parent_path(), settings.machine);
  if (!cached.empty() && heeded && search.at(cached, FoundBy::loader_cache)) return search.result();
  if (no_default) return search.result();
  for (const fs::path& directory : default_directories(settings.machine))
    if (search.in_directory(directory, FoundBy::default_directory)) break;
  return search.result();
}

}  // namespace wheelfit::proof
