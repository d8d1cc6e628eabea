// SPDX-License-Identifier: Apache-2.0
// GNU symbol versions: .gnu.version_r (what an object needs, by library), .gnu.version_d (what it defines)
// and the index that ties them to symbols. Specification: LSB Core, "Symbol Versioning". Views into the
// object's bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "base/error.hpp"
#include "binary/bytes.hpp"

namespace wheelfit::binary {

struct RequiredVersion {
  std::string_view name;  // "GLIBC_2.34"
  bool weak = false;      // the loader does not mind its absence

  friend bool operator==(const RequiredVersion&, const RequiredVersion&) = default;
};

struct VersionNeed {
  std::string_view library;  // "libc.so.6"
  std::vector<RequiredVersion> versions;

  friend bool operator==(const VersionNeed&, const VersionNeed&) = default;
};

struct VersionDefinition {
  std::string_view name;
  bool base = false;  // names the object itself (its SONAME), not a version

  friend bool operator==(const VersionDefinition&, const VersionDefinition&) = default;
};

// What a version index of this object (without the "hidden" bit) stands for.
struct IndexedVersion {
  std::uint16_t index = 0;
  std::string_view name;
  std::string_view library;  // "" for a version that the object itself defines
};

struct SymbolVersions {
  std::vector<VersionNeed> needs;
  std::vector<VersionDefinition> definitions;
  std::vector<IndexedVersion> by_index;  // sorted by index; the base definition is not in it, as in ld.so

  // Name and library are empty where the index stands for "local" or "global, no version".
  IndexedVersion at(std::uint16_t index) const noexcept;
};

struct VersionTableLocation {
  Bytes bytes;  // from the first record on
  std::uint64_t count = 0;
};

// Reads both tables (an absent one is an empty location). Work is bounded by the size of the tables' bytes.
tl::expected<SymbolVersions, ParseError> parse_symbol_versions(const VersionTableLocation& needs,
                                                               const VersionTableLocation& definitions,
                                                               const Bytes& strings);

}  // namespace wheelfit::binary
