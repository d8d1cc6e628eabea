// SPDX-License-Identifier: Apache-2.0
#include "support/fatbin_builder.hpp"

#include <elf.h>

#include <cstring>

namespace wheelfit::test {
namespace {

template <typename T>
void append(std::string& bytes, T value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

struct Section {
  std::string name;
  std::uint32_t type = SHT_PROGBITS;
  std::string content;
  std::uint32_t link = 0;
};

std::string elf_object(Elf64_Ehdr header, std::vector<Section> sections) {
  sections.insert(sections.begin(), Section{"", SHT_NULL, "", 0});
  sections.push_back({".shstrtab", SHT_STRTAB, "", 0});
  std::string names;
  std::vector<Elf64_Shdr> table;
  for (const Section& section : sections) {
    Elf64_Shdr entry{};
    entry.sh_name = static_cast<Elf64_Word>(names.size());
    entry.sh_type = section.type;
    entry.sh_link = section.link;
    names += section.name;
    names += '\0';
    table.push_back(entry);
  }
  sections.back().content = names;
  std::string bytes(sizeof header, '\0');
  for (std::size_t i = 0; i < sections.size(); ++i) {
    bytes.resize((bytes.size() + 7) / 8 * 8);
    table[i].sh_offset = bytes.size();
    table[i].sh_size = sections[i].content.size();
    bytes += sections[i].content;
  }
  bytes.resize((bytes.size() + 7) / 8 * 8);
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_shoff = bytes.size();
  header.e_shentsize = sizeof(Elf64_Shdr);
  header.e_shnum = static_cast<Elf64_Half>(table.size());
  header.e_shstrndx = static_cast<Elf64_Half>(table.size() - 1);
  for (const Elf64_Shdr& entry : table) append(bytes, entry);
  std::memcpy(bytes.data(), &header, sizeof header);
  return bytes;
}

}  // namespace

std::string fatbin_container(const std::vector<FatbinEntry>& entries) {
  std::string content;
  for (const FatbinEntry& entry : entries) {
    const std::uint64_t padded = (entry.payload.size() + 7) / 8 * 8;
    append<std::uint16_t>(content, entry.kind);
    append<std::uint16_t>(content, 0x0101);
    append<std::uint32_t>(content, 64);
    append<std::uint64_t>(content, padded);
    append<std::uint32_t>(content,
                          entry.raw_size == 0 ? 0 : static_cast<std::uint32_t>(entry.payload.size()));
    append<std::uint32_t>(content, 0);
    append<std::uint16_t>(content, entry.minor);
    append<std::uint16_t>(content, entry.major);
    append<std::uint32_t>(content, entry.arch);
    append<std::uint64_t>(content, 0);
    append<std::uint64_t>(content, entry.flags);
    append<std::uint64_t>(content, 0);
    append<std::uint64_t>(content, entry.raw_size);
    content += entry.payload;
    content.resize(content.size() + (padded - entry.payload.size()));
  }
  std::string container;
  append<std::uint32_t>(container, 0xBA55ED50);
  append<std::uint16_t>(container, 1);
  append<std::uint16_t>(container, 16);
  append<std::uint64_t>(container, content.size());
  return container + content;
}

std::string cubin(std::string_view kernel, std::string_view arch, std::uint8_t abi_version,
                  std::uint32_t flags) {
  Elf64_Ehdr header{};
  header.e_ident[EI_ABIVERSION] = abi_version;
  header.e_machine = EM_CUDA;
  header.e_flags = flags;
  std::vector<Section> sections;
  if (!kernel.empty()) {
    Elf64_Sym symbol{};
    symbol.st_name = 1;
    symbol.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC);
    symbol.st_other = 0x10;
    std::string symbols(sizeof symbol, '\0');
    append(symbols, symbol);
    sections.push_back({".strtab", SHT_STRTAB, std::string(1, '\0') + std::string(kernel) + '\0', 0});
    sections.push_back({".symtab", SHT_SYMTAB, symbols, 1});
    sections.push_back({".text." + std::string(kernel), SHT_PROGBITS, "code", 0});
  }
  if (!arch.empty())
    sections.push_back({".note.nv.tkinfo", SHT_NOTE, "ptxas -O3 -arch " + std::string(arch) + '\0', 0});
  return elf_object(header, std::move(sections));
}

std::string elf_with_section(std::string_view section, std::string_view content) {
  Elf64_Ehdr header{};
  header.e_type = ET_DYN;
  header.e_machine = EM_X86_64;
  return elf_object(header, {{std::string(section), SHT_PROGBITS, std::string(content), 0}});
}

}  // namespace wheelfit::test
