// SPDX-License-Identifier: Apache-2.0
// The section table of a 64-bit little-endian ELF object. The loader needs none of it and it may be stripped,
// so nothing here is an error: what cannot be read is left out.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "binary/bytes.hpp"

namespace wheelfit::binary {

struct ElfSection {
  std::string_view name;
  std::uint32_t type = 0;    // SHT_…
  std::uint32_t link = 0;    // index of the section that goes with it
  std::uint64_t offset = 0;  // in the file
  Bytes content;             // empty for SHT_NOBITS
};

// In the table's order, so that `link` is an index; empty where there is no sound table.
std::vector<ElfSection> elf_sections(const Bytes& file);

}  // namespace wheelfit::binary
