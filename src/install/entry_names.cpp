// SPDX-License-Identifier: Apache-2.0
#include "install/entry_names.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "base/error.hpp"

namespace wheelfit::install {
namespace {

constexpr std::uint64_t mebibyte = 1ULL << 20U;
constexpr std::uint64_t largest_ratio = 1000;
constexpr std::uint64_t ratio_matters_above = 64 * mebibyte;
constexpr std::uint64_t largest_total = 64 * 1024 * mebibyte;

[[noreturn]] void refuse(Text sentence, const char* code) {
  throw Error(ErrorKind::refused, std::move(sentence)).with_code(code);
}

bool is_drive(std::string_view name) noexcept {
  return name.size() >= 2 && name[1] == ':' && std::isalpha(static_cast<unsigned char>(name[0])) != 0;
}

std::string folded(std::string_view name) {
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

// Every spelling of a file or directory seen so far, by its lower-case form.
class Spellings {
 public:
  void add_file(const std::string& name) {
    if (!files_.emplace(name, true).second) {
      refuse(text("the wheel holds {} twice", name), "duplicate-name");
    }
    add(name);
    for (std::size_t slash = name.find('/'); slash != std::string::npos; slash = name.find('/', slash + 1)) {
      const std::string parent = name.substr(0, slash);
      if (!add(parent)) return;  // its parents were seen together with it
    }
  }
  // A name cannot be a file and the parent of another one.
  void check_parents() const {
    for (const auto& [file, unused] : files_) {
      for (std::size_t slash = file.find('/'); slash != std::string::npos;
           slash = file.find('/', slash + 1)) {
        const std::string parent = file.substr(0, slash);
        if (files_.contains(parent)) {
          refuse(text("the wheel holds {} both as a file and as a directory", parent), "duplicate-name");
        }
      }
    }
  }

 private:
  bool add(const std::string& name) {
    const auto [place, fresh] = spelled_.emplace(folded(name), name);
    if (!fresh && place->second != name) {
      refuse(text("the wheel holds {} and {}, which are one file where case does not count", place->second,
                  name),
             "case-collision");
    }
    return fresh;
  }

  std::unordered_map<std::string, bool> files_;
  std::unordered_map<std::string, std::string> spelled_;
};

void check_ratio(const system::ZipEntry& entry, std::uint64_t& total) {
  if (entry.size > ratio_matters_above && entry.size / largest_ratio > entry.compressed_size) {
    refuse(text("{} claims to unpack from {} bytes to {}: no real file is that compressible", entry.name,
                entry.compressed_size, entry.size),
           "ratio");
  }
  total += std::min(entry.size, largest_total);
  if (total > largest_total) refuse("the wheel claims to unpack to more than 64 GiB", "ratio");
}

}  // namespace

bool stays_inside(std::string_view name) noexcept {
  if (name.ends_with('/')) name.remove_suffix(1);
  if (name.empty() || is_drive(name)) return false;
  for (const char c : name) {
    if (c == '\\' || std::iscntrl(static_cast<unsigned char>(c)) != 0) return false;
  }
  for (std::size_t start = 0; start <= name.size();) {
    const std::size_t end = std::min(name.find('/', start), name.size());
    const std::string_view part = name.substr(start, end - start);
    if (part.empty() || part == "." || part == "..") return false;
    start = end + 1;
  }
  return true;
}

void check_entries(const std::vector<system::ZipEntry>& entries) {
  Spellings spellings;
  std::uint64_t total = 0;
  for (const system::ZipEntry& entry : entries) {
    if (!stays_inside(entry.name)) {
      refuse(
          text("the wheel holds \"{}\", a path that leaves the directory it is installed into", entry.name),
          "path-escape");
    }
    if (entry.is_symlink()) {
      refuse(text("the wheel holds the symbolic link {}, which wheels may not", entry.name), "symlink");
    }
    check_ratio(entry, total);
    if (!entry.is_directory()) spellings.add_file(entry.name);
  }
  spellings.check_parents();
}

}  // namespace wheelfit::install
