// SPDX-License-Identifier: Apache-2.0
#include "binary/elf_sections.hpp"

#include <elf.h>

namespace wheelfit::binary {

std::vector<ElfSection> elf_sections(const Bytes& file) {
  const auto header = file.get<Elf64_Ehdr>(0);
  const bool sound = header && file.text().starts_with(ELFMAG) && header->e_ident[EI_CLASS] == ELFCLASS64 &&
                     header->e_ident[EI_DATA] == ELFDATA2LSB && header->e_shoff != 0 &&
                     header->e_shentsize == sizeof(Elf64_Shdr);
  if (!sound) return {};
  const auto section_at = [&](std::uint64_t index) {
    return file.get<Elf64_Shdr>(header->e_shoff + index * sizeof(Elf64_Shdr));
  };
  const auto first = section_at(0);
  if (!first || header->e_shoff + sizeof(Elf64_Shdr) < header->e_shoff) return {};
  // Counts that do not fit into the header's 16 bits stand in the first entry.
  const std::uint64_t count = header->e_shnum != 0 ? header->e_shnum : first->sh_size;
  const std::uint64_t names_index = header->e_shstrndx == SHN_XINDEX ? first->sh_link : header->e_shstrndx;
  if (count > (file.size() - header->e_shoff) / sizeof(Elf64_Shdr) || names_index >= count) return {};
  const Elf64_Shdr names_section = *section_at(names_index);
  const Bytes names = file.slice(names_section.sh_offset, names_section.sh_size);
  std::vector<ElfSection> sections;
  sections.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    const Elf64_Shdr section = *section_at(i);
    const Bytes content =
        section.sh_type == SHT_NOBITS ? Bytes{} : file.slice(section.sh_offset, section.sh_size);
    sections.push_back({names.c_string(section.sh_name).value_or(std::string_view{}), section.sh_type,
                        section.sh_link, section.sh_offset, content});
  }
  return sections;
}

}  // namespace wheelfit::binary
