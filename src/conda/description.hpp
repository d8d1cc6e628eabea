// SPDX-License-Identifier: Apache-2.0
// What a conda package says of itself, in info/ (docs/formats/conda.md). Bytes in, values out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "base/error.hpp"

namespace wheelfit::conda {

// info/index.json
struct PackageIndex {
  std::string name;
  std::string version;
  std::string build;
  std::string subdir;                // "linux-64"; "" where an old package does not say
  bool noarch_python = false;        // its modules go to any Python's site-packages
  std::vector<std::string> depends;  // "pytorch >=2.7.1,<2.8.0a0"

  // "flash-attn-2.8.3-py312_0": the stem of the file's name.
  std::string full_name() const { return name + "-" + version + "-" + build; }
};

enum class FileMode { text, binary };

// One path of info/paths.json, or of info/files with info/has_prefix.
struct PackagePath {
  std::string path;                   // relative to the prefix
  std::string placeholder;            // the prefix that stands in the file; "": none
  FileMode mode = FileMode::text;     // how it is replaced there
  std::optional<std::string> sha256;  // of the file as it is packed, lower-case hex
  bool symlink = false;
};

tl::expected<PackageIndex, ParseError> parse_package_index(std::string_view json);
// Folders are left out.
tl::expected<std::vector<PackagePath>, ParseError> parse_paths(std::string_view json);
// The same of packages that are older than paths.json. `has_prefix` may be empty.
tl::expected<std::vector<PackagePath>, ParseError> parse_old_paths(std::string_view files,
                                                                   std::string_view has_prefix);
// "name = module:function" of info/link.json, of noarch packages.
std::vector<std::string> parse_link_entry_points(std::string_view json);

}  // namespace wheelfit::conda
