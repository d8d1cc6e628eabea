// SPDX-License-Identifier: Apache-2.0
// A conda package file (.conda or .tar.bz2) unpacked into a folder, and what it says of itself.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conda/description.hpp"

namespace wheelfit::conda {

struct UnpackedPackage {
  std::string file_name;
  std::filesystem::path folder;  // the prefix's files and info/ lie below
  PackageIndex index;
  std::vector<PackagePath> paths;
  std::vector<std::string> entry_points;  // that no file in it states
};

// Ends as packages do.
bool is_package_name(std::string_view file_name) noexcept;

struct PackageName {
  std::string name;
  std::string version;
  std::string build;
};
// "flash-attn-2.8.3-py312_0.conda"; nullopt for what is not made of three parts.
std::optional<PackageName> parse_package_name(std::string_view file_name);

// `file_name`: as it was published; `folder`: made, must be empty. Throws Error{refused}: what
// system/archive.hpp and system/zip.hpp say, and "conda-package" for what is no package of conda's,
// "name-mismatch" where it is called otherwise inside, "record-mismatch" for a file with another sha256 than
// it states.
UnpackedPackage unpack_package(const std::filesystem::path& file, const std::string& file_name,
                               const std::filesystem::path& folder);

}  // namespace wheelfit::conda
