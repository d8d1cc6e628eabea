// SPDX-License-Identifier: Apache-2.0
// Unpacks a wheel into its private directories in one pass: this thread inflates and checks the CRC, a second
// one hashes and writes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/reporter.hpp"
#include "install/file_operations.hpp"
#include "install/layout.hpp"
#include "install/workplace.hpp"
#include "system/zip.hpp"

namespace wheelfit::install {

// A file that is prepared, as its row in RECORD will describe it.
struct PreparedFile {
  std::filesystem::path target;  // where it will be
  std::string hash;              // sha256, RECORD's encoding; empty: RECORD has none
  std::uint64_t size = 0;
};

// One for each file of the layout, in its order. Every hash was held against the wheel's RECORD when this
// returns. Throws Error{refused} ("record-mismatch", or a code of system/zip.hpp) or Error{machine}.
std::vector<PreparedFile> unpack(system::ZipReader& zip, const WheelContents& contents, const Layout& layout,
                                 Workplace& workplace, FileOperations& files, Reporter& report);

// Gives an executable file the x bits that an unusual umask took from it.
void make_executable(FileOperations& files, const std::filesystem::path& path);

}  // namespace wheelfit::install
