// SPDX-License-Identifier: Apache-2.0
// Makes tar archives, the impossible ones too.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace wheelfit::test {

struct ArchiveMember {
  std::string name;
  std::string content;       // of a file
  std::string symlink = {};  // its target, where it is one
  std::string hardlink = {};
  unsigned mode = 0644;
  char kind = 'f';  // 'd' directory, 'p' named pipe
};

enum class Compression { none, gzip, bzip2, xz, zstd };

std::string make_tar(const std::vector<ArchiveMember>& members, Compression compression);

}  // namespace wheelfit::test
