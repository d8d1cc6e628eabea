// SPDX-License-Identifier: Apache-2.0
#include "binary/device_code.hpp"

#include <elf.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "binary/bytes.hpp"
#include "binary/elf_sections.hpp"

namespace wheelfit::binary {
namespace {

using namespace std::literals;

constexpr std::uint8_t cuda_entry = 0x10;         // st_other of a kernel (STO_CUDA_ENTRY)
constexpr std::uint8_t first_new_abi = 8;         // from CUDA 13 on e_flags no longer tells the suffix
constexpr std::uint32_t accelerators_v1 = 0x800;  // LLVM: EF_CUDA_ACCELERATORS_V1

// "sm_90a" at the beginning of `text`.
std::optional<GpuArch> arch_at(std::string_view text) {
  if (!text.starts_with("sm_")) return std::nullopt;
  text.remove_prefix(3);
  GpuArch arch;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), arch.number);
  if (error != std::errc{}) return std::nullopt;
  const std::string_view rest = text.substr(static_cast<std::size_t>(end - text.data()));
  if (rest.starts_with('a')) arch.suffix = ArchSuffix::a;
  if (rest.starts_with('f')) arch.suffix = ArchSuffix::f;
  return arch;
}

std::optional<GpuArch> arch_after(std::string_view text, std::string_view marker) {
  const auto found = text.find(marker);
  return found == std::string_view::npos ? std::nullopt : arch_at(text.substr(found + marker.size()));
}

std::optional<GpuArch> arch_of_flags(const Elf64_Ehdr& header) {
  if (header.e_ident[EI_ABIVERSION] >= first_new_abi) return std::nullopt;
  return GpuArch{header.e_flags & 0xffU,
                 (header.e_flags & accelerators_v1) != 0 ? ArchSuffix::a : ArchSuffix::none};
}

DeviceCodeFacts cubin_facts(const Bytes& image) {
  const auto sections = elf_sections(image);
  if (sections.empty()) return {};
  DeviceCodeFacts facts;
  facts.relocatable = image.get_or_zero<Elf64_Ehdr>(0).e_type == ET_REL;
  facts.has_code = std::ranges::any_of(sections, [](const ElfSection& section) {
    return section.name.starts_with(".text.") && !section.content.empty();
  });
  const auto note = std::ranges::find(sections, ".note.nv.tkinfo"sv, &ElfSection::name);
  if (note != sections.end()) facts.arch = arch_after(note->content.text(), "-arch "sv);
  if (!facts.arch) facts.arch = arch_of_flags(image.get_or_zero<Elf64_Ehdr>(0));
  return facts;
}

// PTX is padded with zeros where it is stored raw.
std::string_view ptx_text(const Bytes& image) {
  const std::string_view text = image.text();
  return text.substr(0, text.find('\0'));
}

DeviceCodeFacts ptx_facts(const Bytes& image) {
  const std::string_view text = ptx_text(image);
  const auto arch = arch_after(text, ".target "sv);
  if (!arch) return {};
  return {arch,
          text.find(".entry") != std::string_view::npos || text.find(".func") != std::string_view::npos};
}

std::vector<std::string> cubin_kernels(const Bytes& image) {
  const auto sections = elf_sections(image);
  const auto table = std::ranges::find(sections, std::uint32_t{SHT_SYMTAB}, &ElfSection::type);
  if (table == sections.end() || table->link >= sections.size()) return {};
  const Bytes strings = sections[table->link].content;
  std::vector<std::string> names;
  std::uint64_t copied = 0;  // names that overlap must not make much of little
  for (std::uint64_t at = 0; at + sizeof(Elf64_Sym) <= table->content.size(); at += sizeof(Elf64_Sym)) {
    const auto symbol = table->content.get_or_zero<Elf64_Sym>(at);
    if (ELF64_ST_TYPE(symbol.st_info) != STT_FUNC || (symbol.st_other & cuda_entry) == 0) continue;
    const auto name = strings.c_string(symbol.st_name);
    if (!name || (copied += name->size()) > image.size()) break;
    names.emplace_back(*name);
  }
  return names;
}

std::vector<std::string> ptx_kernels(const Bytes& image) {
  constexpr auto entry = ".entry "sv;
  std::vector<std::string> names;
  std::string_view text = ptx_text(image);
  for (auto at = text.find(entry); at != std::string_view::npos; at = text.find(entry)) {
    text.remove_prefix(at + entry.size());
    names.emplace_back(text.substr(0, text.find_first_of("( \t\r\n")));
  }
  return names;
}

}  // namespace

DeviceCodeFacts device_code_facts(ImageKind kind, std::span<const std::byte> image) {
  switch (kind) {
    case ImageKind::cubin:
      return cubin_facts(image);
    case ImageKind::ptx:
      return ptx_facts(image);
    case ImageKind::lto_ir:
    case ImageKind::unknown:
      break;
  }
  return {};
}

std::vector<std::string> device_kernel_names(ImageKind kind, std::span<const std::byte> image) {
  switch (kind) {
    case ImageKind::cubin:
      return cubin_kernels(image);
    case ImageKind::ptx:
      return ptx_kernels(image);
    case ImageKind::lto_ir:
    case ImageKind::unknown:
      break;
  }
  return {};
}

}  // namespace wheelfit::binary
