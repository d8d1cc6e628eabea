// SPDX-License-Identifier: Apache-2.0
// What a package is built from: an archive with its setup.py, as an index offers it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "python/specifier.hpp"
#include "python/version.hpp"

namespace wheelfit::catalog {

struct SourceDistribution {
  python::Version version;
  std::string file_name;              // "" where only the version is known
  std::string url;                    // absolute, without fragment; "" where only the version is known
  std::optional<std::string> sha256;  // lower-case hex
  std::optional<std::uint64_t> size;  // bytes
  python::SpecifierSet requires_python{};

  friend bool operator==(const SourceDistribution&, const SourceDistribution&) = default;
};

// The version of "flash_attn-2.8.3.tar.gz", where that is a source distribution of `package` (normalized).
std::optional<python::Version> sdist_version(std::string_view file_name, const std::string& package);

}  // namespace wheelfit::catalog
