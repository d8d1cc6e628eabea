// SPDX-License-Identifier: Apache-2.0
// The files of a package as members of a wheel, and what the wheel says of itself. For make_wheel.cpp alone.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "conda/unpacked_package.hpp"
#include "system/zip_writer.hpp"

namespace wheelfit::conda {

// What lies in site-packages, by archive name, and what goes into the .data folder.
struct WheelParts {
  struct Member {
    std::string name;  // below site-packages, the scripts' folder or the prefix
    std::filesystem::path file;
  };
  std::vector<Member> site;
  std::vector<Member> scripts;
  std::vector<Member> data;
  std::string python;  // "3.12"; "" where it is for any
  bool compiled = false;
};

// Throws Error{refused} "conda-layout".
WheelParts sort_parts(const UnpackedPackage& package);

// Name, version and the files of a dist-info, without RECORD and WHEEL.
struct Description {
  std::string name;
  std::string version;
  std::string folder;  // "flash_attn-2.8.3.dist-info"
  std::vector<system::StoredMember> files;
};

// From the package's own dist-info or egg-info, whose files leave `parts`; else made from index.json.
// Scripts that its entry points make leave `parts`, too. Throws Error{refused} "conda-package".
Description describe(const UnpackedPackage& package, WheelParts& parts,
                     const std::vector<std::string>& requirements);

// "cp312-cp312-linux_x86_64", "py3-none-any". Throws Error{refused} "conda-package" for a machine that is not
// known here.
std::string tag_of(const PackageIndex& index, const WheelParts& parts);

}  // namespace wheelfit::conda
