// SPDX-License-Identifier: Apache-2.0
#include "binary/elf_identity.hpp"

#include <elf.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "binary/bytes.hpp"

namespace wheelfit::binary {
namespace {

using namespace std::literals;

constexpr std::array known_magics{
    std::pair{"!<arch>\n"sv, "a static library, not an ELF object"},
    std::pair{"!<thin>\n"sv, "a static library, not an ELF object"},
    std::pair{"MZ"sv, "a Windows program or DLL, not an ELF object"},
    std::pair{"PK\3\4"sv, "a zip archive, not an ELF object"},
    std::pair{"\xcf\xfa\xed\xfe"sv, "a macOS (Mach-O) object, not an ELF object"},
    std::pair{"\xca\xfe\xba\xbe"sv, "a macOS (Mach-O) universal object, not an ELF object"},
    std::pair{"version https://git-lfs"sv,
              "a Git LFS pointer, not an ELF object: the real file was not fetched"},
};
constexpr std::array linker_script_words{"GNU ld script"sv, "OUTPUT_FORMAT"sv, "GROUP"sv, "INPUT"sv};

bool looks_like_text(std::string_view bytes) {
  return std::ranges::all_of(bytes, [](unsigned char c) { return c >= 0x20 || (c >= '\t' && c <= '\r'); });
}

std::string what_it_is(std::string_view head) {
  if (head.empty()) return "an empty file";
  for (const auto& [magic, sentence] : known_magics)
    if (head.starts_with(magic)) return sentence;
  if (!looks_like_text(head)) return "not an ELF object";
  for (const auto word : linker_script_words)
    if (head.find(word) != std::string_view::npos) return "a linker script, not an ELF object";
  return "a text file, not an ELF object";
}

ElfType type_of(std::uint16_t number) {
  switch (number) {
    case ET_REL:
      return ElfType::relocatable;
    case ET_EXEC:
      return ElfType::executable;
    case ET_DYN:
      return ElfType::shared;
    case ET_CORE:
      return ElfType::core;
    default:
      return ElfType::other;
  }
}

std::uint16_t swapped(std::uint16_t v) { return static_cast<std::uint16_t>((v >> 8) | (v << 8)); }
std::uint32_t swapped(std::uint32_t v) {
  return (v >> 24) | ((v >> 8) & 0xff00U) | ((v << 8) & 0xff0000U) | (v << 24);
}

template <typename Header>
tl::expected<ElfIdentity, ParseError> read(const Bytes& bytes, ElfIdentity identity) {
  const auto header = bytes.get<Header>(0);
  if (!header) return tl::unexpected(ParseError{"truncated: the file ends inside its ELF header"});
  const bool swap = identity.byte_order == ByteOrder::big;
  identity.type = type_of(swap ? swapped(header->e_type) : header->e_type);
  identity.machine = static_cast<Machine>(swap ? swapped(header->e_machine) : header->e_machine);
  identity.flags = swap ? swapped(header->e_flags) : header->e_flags;
  return identity;
}

}  // namespace

tl::expected<ElfIdentity, ParseError> parse_elf_identity(std::span<const std::byte> file) {
  const Bytes bytes(file);
  if (!bytes.text().starts_with(ELFMAG))
    return tl::unexpected(ParseError{what_it_is(bytes.slice(0, 512).text())});
  if (bytes.size() < EI_NIDENT)
    return tl::unexpected(ParseError{"truncated: the file ends inside its ELF header"});
  const auto ident = [&](std::uint64_t at) { return bytes.get_or_zero<std::uint8_t>(at); };
  ElfIdentity identity;
  if (ident(EI_DATA) != ELFDATA2LSB && ident(EI_DATA) != ELFDATA2MSB)
    return tl::unexpected(ParseError{"a damaged ELF object: its byte order is neither little nor big"});
  identity.byte_order = ident(EI_DATA) == ELFDATA2MSB ? ByteOrder::big : ByteOrder::little;
  identity.os_abi = ident(EI_OSABI);
  identity.abi_version = ident(EI_ABIVERSION);
  switch (ident(EI_CLASS)) {
    case ELFCLASS32:
      identity.elf_class = ElfClass::bits32;
      return read<Elf32_Ehdr>(bytes, identity);
    case ELFCLASS64:
      identity.elf_class = ElfClass::bits64;
      return read<Elf64_Ehdr>(bytes, identity);
    default:
      return tl::unexpected(ParseError{"a damaged ELF object: its class is neither 32-bit nor 64-bit"});
  }
}

tl::expected<ElfIdentity, ParseError> parse_readable_identity(std::span<const std::byte> bytes) {
  auto identity = parse_elf_identity(bytes);
  if (!identity) return identity;
  if (identity->elf_class == ElfClass::bits32)
    return tl::unexpected(ParseError{"a 32-bit object, built for " + machine_name(identity->machine)});
  if (identity->byte_order == ByteOrder::big)
    return tl::unexpected(ParseError{"a big-endian object, built for " + machine_name(identity->machine)});
  return identity;
}

std::string machine_name(Machine machine) {
  switch (machine) {
    case Machine::i386:
      return "i686";
    case Machine::ppc64:
      return "ppc64le";
    case Machine::s390:
      return "s390x";
    case Machine::arm:
      return "armv7l";
    case Machine::x86_64:
      return "x86_64";
    case Machine::aarch64:
      return "aarch64";
    case Machine::cuda:
      return "CUDA";
    case Machine::amdgpu:
      return "AMDGPU";
    case Machine::riscv:
      return "riscv64";
    case Machine::loongarch:
      return "loongarch64";
  }
  return fmt::format("machine {}", static_cast<unsigned>(machine));
}

}  // namespace wheelfit::binary
