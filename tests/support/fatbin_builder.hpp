// SPDX-License-Identifier: Apache-2.0
// Hand-made CUDA containers and cubins, byte by byte as docs/formats/fatbin.md describes them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wheelfit::test {

struct FatbinEntry {
  std::uint16_t kind = 2;  // 1 PTX, 2 cubin, 8 LTO-IR
  std::uint32_t arch = 80;
  std::uint64_t flags = 0x11;
  std::string payload;
  std::uint16_t major = 1;
  std::uint16_t minor = 8;
  std::uint64_t raw_size = 0;  // other than 0: stored compressed, this many bytes when not
};

std::string fatbin_container(const std::vector<FatbinEntry>& entries);
// A minimal cubin with one kernel ("" for none) and, where not empty, a note with `arch` ("sm_90a").
std::string cubin(std::string_view kernel, std::string_view arch, std::uint8_t abi_version = 8,
                  std::uint32_t flags = 0);
// A 64-bit ELF object with a section table that names `section` and holds `content` in it.
std::string elf_with_section(std::string_view section, std::string_view content);

}  // namespace wheelfit::test
