// SPDX-License-Identifier: Apache-2.0
// What binutils' readelf says of an object, as sets that can be compared.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace wheelfit::test {

struct ReadelfView {
  std::vector<std::string> needed;
  std::string soname, rpath, runpath;
  std::set<std::string> exported;       // "f", "f@V1", "f@@V2"
  std::set<std::string> undefined;      // "f", "f@V1": every undefined entry of .dynsym
  std::set<std::string> relocated;      // the names that relocations carry, without the version
  std::set<std::string> version_needs;  // "libc.so.6 GLIBC_2.34"
  std::set<std::string> version_definitions;
};

ReadelfView readelf(const std::filesystem::path& file);

}  // namespace wheelfit::test
