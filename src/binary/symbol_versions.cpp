// SPDX-License-Identifier: Apache-2.0
#include "binary/symbol_versions.hpp"

#include <elf.h>

#include <algorithm>
#include <optional>

namespace wheelfit::binary {
namespace {

constexpr std::uint16_t index_mask = 0x7fff;  // the top bit says "hidden", or is set by some linkers on needs

ParseError damaged(const char* table) {
  return {std::string("damaged: its table of ") + table + " symbol versions is not well formed"};
}

// Overlapping records could make a small table mean endless work; no honest table has more records than this.
std::uint64_t record_budget(const Bytes& table) { return table.size() / sizeof(Elf64_Verdaux) + 1; }

bool read_needs(const VersionTableLocation& table, const Bytes& strings, SymbolVersions& out) {
  std::uint64_t at = 0;
  std::uint64_t budget = record_budget(table.bytes);
  for (std::uint64_t i = 0; i < table.count; ++i) {
    const auto record = table.bytes.get<Elf64_Verneed>(at);
    const auto library = record ? strings.c_string(record->vn_file) : std::nullopt;
    if (!library || record->vn_cnt > budget) return false;
    budget -= record->vn_cnt;
    VersionNeed need{*library, {}};
    std::uint64_t entry = at + record->vn_aux;
    for (std::uint16_t j = 0; j < record->vn_cnt; ++j) {
      const auto version = table.bytes.get<Elf64_Vernaux>(entry);
      const auto name = version ? strings.c_string(version->vna_name) : std::nullopt;
      if (!name) return false;
      need.versions.push_back({*name, (version->vna_flags & VER_FLG_WEAK) != 0});
      out.by_index.push_back({static_cast<std::uint16_t>(version->vna_other & index_mask), *name, *library});
      if (version->vna_next == 0) break;
      entry += version->vna_next;
    }
    out.needs.push_back(std::move(need));
    if (record->vn_next == 0) break;
    at += record->vn_next;
  }
  return true;
}

bool read_definitions(const VersionTableLocation& table, const Bytes& strings, SymbolVersions& out) {
  std::uint64_t at = 0;
  for (std::uint64_t i = 0; i < std::min(table.count, record_budget(table.bytes)); ++i) {
    const auto record = table.bytes.get<Elf64_Verdef>(at);
    if (!record) return false;
    // The first auxiliary record names the version; further ones name its parents, which no look-up needs.
    const auto name_record = table.bytes.get<Elf64_Verdaux>(at + record->vd_aux);
    const auto name = name_record ? strings.c_string(name_record->vda_name) : std::nullopt;
    if (!name) return false;
    const bool base = (record->vd_flags & VER_FLG_BASE) != 0;
    out.definitions.push_back({*name, base});
    if (!base) out.by_index.push_back({static_cast<std::uint16_t>(record->vd_ndx & index_mask), *name, {}});
    if (record->vd_next == 0) break;
    at += record->vd_next;
  }
  return true;
}

}  // namespace

IndexedVersion SymbolVersions::at(std::uint16_t index) const noexcept {
  const auto found = std::ranges::lower_bound(by_index, index, {}, &IndexedVersion::index);
  if (found == by_index.end() || found->index != index) return {index, {}, {}};
  return *found;
}

tl::expected<SymbolVersions, ParseError> parse_symbol_versions(const VersionTableLocation& needs,
                                                               const VersionTableLocation& definitions,
                                                               const Bytes& strings) {
  SymbolVersions versions;
  if (!read_needs(needs, strings, versions)) return tl::unexpected(damaged("needed"));
  if (!read_definitions(definitions, strings, versions)) return tl::unexpected(damaged("defined"));
  std::ranges::sort(versions.by_index, {}, &IndexedVersion::index);
  return versions;
}

}  // namespace wheelfit::binary
