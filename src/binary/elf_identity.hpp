// SPDX-License-Identifier: Apache-2.0
// The first bytes of a file: which kind of object, for which machine. Reads ELF of either class and byte
// order, so that "built for another machine" can be said of any of them. Specification: System V gABI,
// chapter 4.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <tl/expected.hpp>

#include "base/error.hpp"

namespace wheelfit::binary {

enum class ElfClass { bits32, bits64 };
enum class ByteOrder { little, big };
enum class ElfType { relocatable, executable, shared, core, other };  // a PIE is `shared`

// e_machine; any other number may occur.
enum class Machine : std::uint16_t {
  i386 = 3,
  ppc64 = 21,
  s390 = 22,
  arm = 40,
  x86_64 = 62,
  aarch64 = 183,
  cuda = 190,
  amdgpu = 224,
  riscv = 243,
  loongarch = 258,
};

struct ElfIdentity {
  ElfClass elf_class = ElfClass::bits64;
  ByteOrder byte_order = ByteOrder::little;
  ElfType type = ElfType::other;
  Machine machine{};
  std::uint8_t os_abi = 0;
  std::uint8_t abi_version = 0;
  std::uint32_t flags = 0;  // e_flags: what it means depends on the machine

  friend bool operator==(const ElfIdentity&, const ElfIdentity&) = default;
};

// Needs the first 64 bytes (52 for 32-bit). The error names what the bytes are instead: "a linker script, not
// an ELF object", "a text file, ...", "truncated: ...".
tl::expected<ElfIdentity, ParseError> parse_elf_identity(std::span<const std::byte> bytes);

// As parse_elf_identity, and refuses what this program does not read further: 32-bit and big-endian objects.
tl::expected<ElfIdentity, ParseError> parse_readable_identity(std::span<const std::byte> bytes);

// As in wheel tags and `uname -m`: "x86_64", "aarch64"; "machine 4711" for an unknown number.
std::string machine_name(Machine machine);

}  // namespace wheelfit::binary
