// SPDX-License-Identifier: Apache-2.0
// Makes an archive out of another one's members. What is copied is not inflated: its compressed bytes are
// taken as they are, however large.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace wheelfit::system {

struct ZipPart {
  std::string name;
  std::optional<std::size_t> copied;  // the member's index in the archive it is from; else `content` is new
  std::string content;
  std::uint32_t unix_mode = 0;  // st_mode
};

// `to` appears whole or not at all. The same parts give the same bytes: every member is dated 1980-01-01.
// `from` must be an archive that ZipReader takes. Throws Error{machine}, and Error{refused} "corrupt" where a
// member's data cannot be read.
void write_zip(const std::filesystem::path& from, const std::vector<ZipPart>& parts,
               const std::filesystem::path& to);

}  // namespace wheelfit::system
