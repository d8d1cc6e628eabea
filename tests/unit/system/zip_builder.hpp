// SPDX-License-Identifier: Apache-2.0
// Writes zip archives byte by byte, honest ones and lying ones.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace wheelfit::system {

struct ZipMember {
  std::string name;
  std::string content;
  bool deflated = true;
  std::uint32_t unix_mode = 0100644;
  std::uint16_t flags = 0;
  bool zip64 = false;
  // Lies; empty or absent: the truth.
  std::string local_name = {};
  std::uint16_t method_claimed = 0xffff;
  std::int64_t size_claimed = -1;
  std::int64_t crc_claimed = -1;
  std::int64_t local_size_claimed = -1;
  std::string raw_data = {};  // instead of the compressed content
};

std::string zip_bytes(const std::vector<ZipMember>& members);

}  // namespace wheelfit::system
