// SPDX-License-Identifier: Apache-2.0
// Writes a zip archive whose members are stored as they are, not compressed. The same members give the same
// bytes: no time, owner or mode of the machine at hand goes in.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace wheelfit::system {

struct StoredMember {
  std::string name;            // in the archive
  std::string content;         // where `file` is empty
  std::filesystem::path file;  // read while the archive is written; it must not change
};

// `archive` appears whole, under its name, or not at all; one that is there is replaced. Throws
// Error{machine}.
void write_zip(const std::filesystem::path& archive, const std::vector<StoredMember>& members);

}  // namespace wheelfit::system
