// SPDX-License-Identifier: Apache-2.0
// Where each file of a wheel goes. Pure.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "install/install.hpp"
#include "install/wheel_contents.hpp"
#include "system/zip.hpp"

namespace wheelfit::install {

struct PlacedFile {
  std::size_t entry = 0;         // index in the archive
  std::filesystem::path target;  // absolute
  bool executable = false;
  bool script = false;  // its #! line may have to be rewritten
};

struct Layout {
  std::filesystem::path site;  // purelib or platlib: where the dist-info goes
  std::filesystem::path dist_info;
  std::vector<PlacedFile> files;  // without RECORD and what the installer itself writes
};

// Spreads the archive over purelib/platlib (Root-Is-Purelib) and the places that `.data` names. Throws
// Error{refused}: "data-key" for a file that would become another distribution's metadata, the interpreter or
// pyvenv.cfg; "duplicate-name" where two entries go to one place.
Layout lay_out(const std::vector<system::ZipEntry>& entries, const WheelContents& contents,
               const Destination& destination);

// The launcher of an entry point must not take the interpreter's place either.
void check_script_target(const std::filesystem::path& target, const Destination& destination);

}  // namespace wheelfit::install
