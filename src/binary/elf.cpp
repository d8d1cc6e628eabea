// SPDX-License-Identifier: Apache-2.0
#include "binary/elf.hpp"

#include <elf.h>

#include <algorithm>

namespace wheelfit::binary {
namespace {

constexpr std::uint16_t hidden_version = 0x8000;
constexpr std::uint16_t first_own_version = 2;  // 0: local; 1: global without a version

bool visible(const Elf64_Sym& symbol) {
  const auto visibility = ELF64_ST_VISIBILITY(symbol.st_other);
  return ELF64_ST_BIND(symbol.st_info) != STB_LOCAL && visibility != STV_HIDDEN && visibility != STV_INTERNAL;
}

// glibc's check_match: what a look-up may return at all.
bool offered(const Elf64_Sym& symbol) {
  const bool has_value =
      symbol.st_value != 0 || symbol.st_shndx == SHN_ABS || ELF64_ST_TYPE(symbol.st_info) == STT_TLS;
  return symbol.st_shndx != SHN_UNDEF && has_value && visible(symbol) &&
         symbol_type(symbol.st_info) != SymbolType::other;
}

SymbolBinding binding_of(const Elf64_Sym& symbol) {
  switch (ELF64_ST_BIND(symbol.st_info)) {
    case STB_WEAK:
      return SymbolBinding::weak;
    case STB_GNU_UNIQUE:
      return SymbolBinding::unique;
    default:
      return SymbolBinding::global;
  }
}

Elf64_Sym symbol_at(const Bytes& symbols, std::uint32_t index) {
  return symbols.get_or_zero<Elf64_Sym>(std::uint64_t{index} * sizeof(Elf64_Sym));
}

}  // namespace

SymbolType symbol_type(unsigned char info) noexcept {
  switch (ELF64_ST_TYPE(info)) {
    case STT_NOTYPE:
      return SymbolType::none;
    case STT_OBJECT:
    case STT_COMMON:
      return SymbolType::object;
    case STT_FUNC:
      return SymbolType::function;
    case STT_TLS:
      return SymbolType::tls;
    case STT_GNU_IFUNC:
      return SymbolType::ifunc;
    default:
      return SymbolType::other;
  }
}

bool ElfImage::defines_version(std::string_view version) const noexcept {
  return std::ranges::any_of(versions_.definitions, [&](const VersionDefinition& definition) {
    return !definition.base && definition.name == version;
  });
}

std::string_view ElfImage::symbol_name(std::uint32_t symbol) const noexcept {
  return strings_.c_string(symbol_at(symbols_, symbol).st_name).value_or(std::string_view{});
}

// 1 ("global, no version") where the object has no versions at all.
std::uint16_t ElfImage::version_index(std::uint32_t symbol) const noexcept {
  return version_indices_.get<std::uint16_t>(std::uint64_t{symbol} * 2).value_or(1);
}

std::uint32_t ElfImage::symbol_count() const noexcept {
  const std::uint64_t claimed = sysv_hash_.empty() ? gnu_hash_.symbol_count() : sysv_hash_.symbol_count();
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(claimed, symbols_.size() / sizeof(Elf64_Sym)));
}

bool ElfImage::matches(std::uint32_t index, std::string_view name, std::string_view version,
                       std::uint32_t& defaults) const {
  const Elf64_Sym symbol = symbol_at(symbols_, index);
  if (!offered(symbol) || symbol_name(index) != name) return false;
  if (version_indices_.empty()) return true;
  const std::uint16_t raw = version_index(index);
  const bool hidden = (raw & hidden_version) != 0;
  const auto own = static_cast<std::uint16_t>(raw & ~hidden_version);
  if (version.empty()) {
    // Base or oldest version; else the only default one, which is known when the chain has been walked.
    if (own <= first_own_version) return true;
    if (!hidden) ++defaults;
    return false;
  }
  const IndexedVersion defined = versions_.at(own);
  return defined.name == version || (defined.name.empty() && !hidden);
}

bool ElfImage::exports(const SymbolKey& symbol, std::string_view version) const {
  std::uint32_t defaults = 0;
  const auto visit = [&](std::uint32_t index) { return matches(index, symbol.name, version, defaults); };
  const bool found =
      has_gnu_hash_ ? gnu_hash_.find(symbol.hash, visit) : sysv_hash_.find(sysv_hash(symbol.name), visit);
  return found || defaults == 1;
}

std::vector<UndefinedSymbol> ElfImage::undefined_symbols() const {
  enum : std::uint8_t { unnamed, called, bound };
  std::vector<std::uint8_t> use;  // by symbol, grown to the highest symbol that a relocation names
  const std::uint64_t limit = symbols_.size() / sizeof(Elf64_Sym);
  for (const RelocationTable& table : relocations_) {
    for (std::uint64_t at = 0; at + table.entry_size <= table.bytes.size(); at += table.entry_size) {
      const std::uint64_t symbol = ELF64_R_SYM(table.bytes.get_or_zero<Elf64_Rel>(at).r_info);
      if (symbol == 0 || symbol >= limit) continue;
      if (symbol >= use.size()) use.resize(symbol + 1, unnamed);
      if (table.plt && !flags_.bind_now)
        use[symbol] = std::max<std::uint8_t>(use[symbol], called);
      else
        use[symbol] = bound;
    }
  }
  std::vector<UndefinedSymbol> undefined;
  for (std::uint32_t index = 1; index < use.size(); ++index) {
    const Elf64_Sym symbol = symbol_at(symbols_, index);
    if (use[index] == unnamed || symbol.st_shndx != SHN_UNDEF || !visible(symbol)) continue;
    const auto own = static_cast<std::uint16_t>(version_index(index) & ~hidden_version);
    const IndexedVersion wanted = versions_.at(own);
    undefined.push_back({symbol_name(index), wanted.name, wanted.library, symbol_type(symbol.st_info),
                         binding_of(symbol) == SymbolBinding::weak, use[index] == called});
  }
  return undefined;
}

void ElfImage::for_each_export(const std::function<void(const ExportedSymbol&)>& visit) const {
  const std::uint32_t count = symbol_count();
  for (std::uint32_t index = has_gnu_hash_ ? gnu_hash_.first_symbol() : 1; index < count; ++index) {
    const Elf64_Sym symbol = symbol_at(symbols_, index);
    if (!offered(symbol)) continue;
    const std::uint16_t raw = version_index(index);
    const IndexedVersion version = versions_.at(static_cast<std::uint16_t>(raw & ~hidden_version));
    visit({symbol_name(index), version.name, (raw & hidden_version) == 0, symbol_type(symbol.st_info),
           binding_of(symbol)});
  }
}

std::vector<ExportedSymbol> ElfImage::exported_symbols() const {
  std::vector<ExportedSymbol> symbols;
  for_each_export([&](const ExportedSymbol& symbol) { symbols.push_back(symbol); });
  return symbols;
}

}  // namespace wheelfit::binary
