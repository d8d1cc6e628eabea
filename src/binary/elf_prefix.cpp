// SPDX-License-Identifier: Apache-2.0
#include "binary/elf_prefix.hpp"

#include <elf.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace wheelfit::binary {
namespace {

constexpr std::uint64_t first_request = 128 << 10;
constexpr std::uint64_t give_up_at = 16 << 20;  // no linker puts that much before the hash table
constexpr std::uint64_t largest_tables = 256 << 20;
constexpr std::uint64_t symbol_size = sizeof(Elf64_Sym);
constexpr std::uint64_t usual_name = 64;  // bytes of .dynstr per symbol, for the size of a request
constexpr std::uint64_t longest_probed = 4096;
constexpr std::uint32_t probes = 16;

std::uint64_t aligned(std::uint64_t value, std::uint64_t alignment) {
  return (value + alignment - 1) / alignment * alignment;
}

// "libc10.so", "libz.so.1", "_C.abi3.so".
bool is_library_name(std::string_view name) {
  const std::size_t suffix = name.rfind(".so");
  if (suffix == 0 || suffix == std::string_view::npos || name.find('/') != std::string_view::npos)
    return false;
  const std::string_view version = name.substr(suffix + 3);
  const bool digits_and_dots = version.find_first_not_of("0123456789.") == std::string_view::npos;
  return version.empty() || (version.starts_with('.') && version.size() > 1 && digits_and_dots);
}

// Where the tables are; each step finds one, or says how many bytes it would have to see.
class PrefixReader {
 public:
  PrefixReader(const Bytes& bytes, ElfPrefix& result) : bytes_(bytes), result_(result) {}

  void read() {
    if (!find_hash_table() || !find_symbols() || !find_strings() || !read_versions()) return;
    collect();
  }

 private:
  bool ask(std::uint64_t size) {
    if (bytes_.size() >= (hash_at_ == 0 ? give_up_at : largest_tables)) return false;
    size = std::max(size, bytes_.size() + 1);
    result_.state = PrefixState::more_needed;
    result_.offset = bytes_.size();
    result_.length = size - bytes_.size();
    return false;
  }
  bool ask_for_twice() { return ask(std::max(first_request, bytes_.size() * 2)); }

  std::uint64_t headers_end() const {
    const auto header = bytes_.get_or_zero<Elf64_Ehdr>(0);
    return aligned(header.e_phoff + std::uint64_t{header.e_phnum} * sizeof(Elf64_Phdr), 8);
  }

  bool find_hash_table() {
    const auto header = bytes_.get_or_zero<Elf64_Ehdr>(0);
    if (header.e_phoff > 4096) return false;  // rewritten by a tool: nothing is where linkers put it
    start_ = headers_end();
    for (std::uint64_t at = start_; at + 16 <= std::min(bytes_.size(), give_up_at); at += 8) {
      const auto verdict = hash_table_at(at);
      if (verdict == Found::no) continue;
      return verdict == Found::yes || ask_for_twice();
    }
    return ask_for_twice();
  }

  enum class Found { no, yes, cut_off };

  Found hash_table_at(std::uint64_t at) {
    const auto buckets = bytes_.get_or_zero<std::uint32_t>(at);
    if (buckets == 0) return Found::no;
    const auto first = bytes_.get_or_zero<std::uint32_t>(at + 4);
    const auto bloom = bytes_.get_or_zero<std::uint32_t>(at + 8);
    const auto shift = bytes_.get_or_zero<std::uint32_t>(at + 12);
    // A dummy table (shift 0) proves nothing, so it is not looked for. Linkers make 1 to 16 buckets per bloom
    // word.
    const bool plausible = first != 0 && bloom != 0 && (bloom & (bloom - 1)) == 0 && shift >= 1 &&
                           shift <= 31 && buckets < (1U << 26) && bloom < (1U << 26) && first < (1U << 26) &&
                           buckets <= std::uint64_t{bloom} * 256 && bloom <= std::uint64_t{buckets} * 256;
    if (!plausible) return Found::no;
    // Symbols are sorted by bucket: what the buckets hold rises.
    const std::uint64_t buckets_at = at + 16 + std::uint64_t{bloom} * 8;
    std::uint32_t last = first - 1;
    for (std::uint32_t i = 0; i < buckets; ++i) {
      const auto symbol = bytes_.get<std::uint32_t>(buckets_at + std::uint64_t{i} * 4);
      if (!symbol) return last >= first ? Found::cut_off : Found::no;
      if (*symbol == 0) continue;
      if (*symbol <= last || (last < first && *symbol != first)) return Found::no;
      last = *symbol;
    }
    if (last < first) return Found::no;
    const auto table = GnuHashTable::parse(bytes_.from(at));
    if (!table) return Found::no;
    hash_ = *table;
    count_ = hash_.symbol_count();
    if (count_ <= last) return Found::cut_off;
    hash_at_ = at;
    hash_end_ = at + hash_.size();
    return hash_end_ < bytes_.size() ? Found::yes : Found::cut_off;
  }

  bool symbols_at(std::uint64_t at) const {
    const auto symbol = [&](std::uint64_t index) { return bytes_.get<Elf64_Sym>(at + index * symbol_size); };
    const auto null = symbol(0);
    const bool is_null = null && null->st_name == 0 && null->st_info == 0 && null->st_shndx == 0 &&
                         null->st_value == 0 && null->st_size == 0;
    if (!is_null) return false;
    for (std::uint32_t i = 1; i < std::min(count_, 64U); ++i) {
      const auto entry = symbol(i);
      if (entry && (entry->st_other & 0x1cU) != 0) return false;
      if (entry && ELF64_ST_BIND(entry->st_info) > STB_WEAK &&
          ELF64_ST_BIND(entry->st_info) != STB_GNU_UNIQUE)
        return false;
    }
    const auto last = symbol(count_ - 1), first_hashed = symbol(hash_.first_symbol());
    return (!last || last->st_shndx != SHN_UNDEF) && (!first_hashed || first_hashed->st_shndx != SHN_UNDEF) &&
           symbol(1).has_value();
  }

  bool find_symbols() {
    const std::uint64_t size = std::uint64_t{count_} * symbol_size;
    symbols_ = aligned(hash_end_, 8);  // GNU ld, mold
    if (!symbols_at(symbols_)) {
      symbols_ = start_;  // lld, gold: before the hash table
      while (symbols_ + size <= hash_at_ && !symbols_at(symbols_)) symbols_ += 8;
      if (symbols_ + size > hash_at_)
        return symbols_ <= hash_at_ && bytes_.size() < first_request && ask_for_twice();
    }
    if (bytes_.holds(symbols_, size)) return true;
    return ask(symbols_ + size + count_ * (usual_name + 2) + 4096);
  }

  Elf64_Sym symbol(std::uint32_t index) const {
    return bytes_.get_or_zero<Elf64_Sym>(symbols_ + index * symbol_size);
  }

  // Whether .dynstr can begin at `at`: some exported names hash to what the hash table stores for them.
  bool strings_at(std::uint64_t at, std::uint64_t& budget) const {
    if (bytes_.get_or_zero<char>(at) != '\0') return false;
    const std::uint32_t first = hash_.first_symbol();
    const std::uint32_t step = std::max(1U, (count_ - first) / probes);
    for (std::uint32_t i = first; i < count_; i += step) {
      const auto name = bytes_.slice(at + symbol(i).st_name, longest_probed).c_string(0);
      const std::uint64_t cost = name ? name->size() + 1 : 1;
      if (!name || name->empty() || cost > budget) return false;
      budget -= cost;
      if ((gnu_hash(*name) | 1U) != hash_.stored_hash(i)) return false;
    }
    return true;
  }

  bool find_strings() {
    std::uint64_t budget = bytes_.size() * 64;
    const std::uint64_t symbols_end = symbols_ + std::uint64_t{count_} * symbol_size;
    std::uint64_t longest = 0;
    for (std::uint32_t i = 1; i < count_; ++i) longest = std::max<std::uint64_t>(longest, symbol(i).st_name);
    // Right behind the symbols (GNU ld, mold) or behind the hash tables (lld), .hash too; further away it was
    // moved.
    const std::uint64_t latest =
        std::max(symbols_end, hash_end_) + std::uint64_t{count_} * 16 + longest_probed;
    strings_ = symbols_end;
    while (strings_ < std::min(latest, bytes_.size()) && !strings_at(strings_, budget)) ++strings_;
    names_end_ = strings_ + longest;
    // The probes need all of it before they can say no.
    const std::uint64_t whole = latest + longest + longest_probed;
    if (strings_ >= std::min(latest, bytes_.size())) return bytes_.size() < whole && ask(whole);
    const auto last = bytes_.c_string(names_end_);
    if (!last) return ask(names_end_ + longest_probed);
    names_end_ += last->size() + 1;
    return true;
  }

  // A record of .gnu.version_r, proven by the hash of its first version's name.
  bool need_at(std::uint64_t at) const {
    const auto need = bytes_.get_or_zero<Elf64_Verneed>(at);
    if (need.vn_version != VER_NEED_CURRENT || need.vn_cnt == 0 || need.vn_aux < sizeof need) return false;
    const auto version = bytes_.get<Elf64_Vernaux>(at + need.vn_aux);
    const auto name = version ? bytes_.c_string(strings_ + version->vna_name) : std::nullopt;
    return name && !name->empty() && name->size() < longest_probed && sysv_hash(*name) == version->vna_hash;
  }
  // The base record of .gnu.version_d, which lies between .gnu.version and .gnu.version_r.
  bool definition_at(std::uint64_t at) const {
    const auto definition = bytes_.get_or_zero<Elf64_Verdef>(at);
    if (definition.vd_version != VER_DEF_CURRENT || definition.vd_flags != VER_FLG_BASE ||
        definition.vd_ndx != 1 || definition.vd_cnt == 0 || definition.vd_aux < sizeof definition)
      return false;
    const auto name_record = bytes_.get<Elf64_Verdaux>(at + definition.vd_aux);
    const auto name = name_record ? bytes_.c_string(strings_ + name_record->vda_name) : std::nullopt;
    // The end of .gnu.version with its padding can look like a record whose name is empty.
    return name && !name->empty() && name->size() < longest_probed && sysv_hash(*name) == definition.vd_hash;
  }

  bool read_versions() {
    // Behind .dynstr with GNU ld and mold; between .dynsym and the hash tables with lld.
    const std::uint64_t symbols_end = symbols_ + std::uint64_t{count_} * symbol_size;
    const std::uint64_t indices_size = std::uint64_t{count_} * 2;
    const bool behind = strings_ == symbols_end;
    const std::uint64_t from = behind ? names_end_ : symbols_end;
    const std::uint64_t to =
        behind ? names_end_ + indices_size + first_request : std::min(hash_at_, strings_);
    std::uint64_t first_table = 0;
    std::uint64_t needs = 0;
    for (std::uint64_t at = aligned(from, 4); at < std::min(to, bytes_.size()) && needs == 0; at += 4) {
      if (first_table == 0 && definition_at(at)) first_table = at;
      if (need_at(at)) needs = at;
    }
    if (needs == 0) {
      // The names that would prove a table lie behind those of the symbols: absent is only what had to be
      // seen.
      const std::uint64_t had_to_be_seen = std::max(to, names_end_ + first_request);
      return bytes_.size() >= had_to_be_seen || ask(had_to_be_seen);
    }
    const auto parsed = parse_symbol_versions({bytes_.from(needs), 0xffff}, {}, bytes_.from(strings_));
    if (!parsed) return ask_for_twice();
    versions_ = *parsed;
    end_of_needs(needs);
    return find_indices(first_table == 0 ? needs : first_table, from);
  }

  void note_end(std::string_view name) {
    const auto offset = static_cast<std::uint64_t>(name.data() - bytes_.text().data());
    tables_end_ = std::max(tables_end_, offset + name.size() + 1);
  }

  void end_of_needs(std::uint64_t at) {
    for (const VersionNeed& need : versions_.needs) {
      const auto record = bytes_.get_or_zero<Elf64_Verneed>(at);
      tables_end_ = std::max(tables_end_, at + record.vn_aux + need.versions.size() * sizeof(Elf64_Vernaux));
      at += record.vn_next;
      note_end(need.library);
      for (const RequiredVersion& version : need.versions) note_end(version.name);
    }
  }

  // .gnu.version ends where the next table begins, but for padding; its last entry belongs to an exported
  // symbol and is never 0.
  bool find_indices(std::uint64_t end, std::uint64_t from) {
    const std::uint64_t size = std::uint64_t{count_} * 2;
    for (int padding = 0; padding < 4 && bytes_.get_or_zero<std::uint16_t>(end - 2) == 0; ++padding) end -= 2;
    if (end < from + size) return false;
    indices_ = end - size;
    for (std::uint32_t i = 1; i < hash_.first_symbol(); ++i) {
      const std::uint16_t index = version_index(i);
      if (symbol(i).st_shndx == SHN_UNDEF && index > 1 && versions_.at(index).name.empty()) return false;
    }
    return version_index(0) == 0;
  }

  std::uint16_t version_index(std::uint32_t index) const {
    return indices_ == 0
               ? std::uint16_t{1}
               : static_cast<std::uint16_t>(
                     bytes_.get_or_zero<std::uint16_t>(indices_ + std::uint64_t{index} * 2) & 0x7fffU);
  }

  void collect() {
    for (std::uint32_t i = 1; i < hash_.first_symbol(); ++i) {
      const Elf64_Sym entry = symbol(i);
      const auto visibility = ELF64_ST_VISIBILITY(entry.st_other);
      const bool undefined = entry.st_shndx == SHN_UNDEF && ELF64_ST_BIND(entry.st_info) != STB_LOCAL &&
                             visibility != STV_HIDDEN && visibility != STV_INTERNAL;
      const auto name = bytes_.c_string(strings_ + entry.st_name);
      if (!undefined || !name || name->empty()) continue;
      const IndexedVersion wanted = versions_.at(version_index(i));
      result_.undefined.push_back({*name, wanted.name, wanted.library, symbol_type(entry.st_info),
                                   ELF64_ST_BIND(entry.st_info) == STB_WEAK, false});
    }
    result_.version_needs = versions_.needs;
    collect_library_names();
    result_.tables_end = std::max({names_end_, tables_end_, hash_end_});
    result_.state = PrefixState::complete;
  }

  // .dynstr ends where .gnu.version begins, or (lld) where its strings do.
  void collect_library_names() {
    const std::uint64_t end = indices_ > strings_ ? indices_ : bytes_.size();
    for (std::uint64_t at = strings_ + 1; at < end;) {
      const auto name = bytes_.c_string(at);
      if (!name || name->empty()) return;
      at += name->size() + 1;
      if (is_library_name(*name)) result_.library_names.push_back(*name);
    }
  }

  Bytes bytes_;
  ElfPrefix& result_;
  GnuHashTable hash_;
  SymbolVersions versions_;
  std::uint32_t count_ = 0;
  std::uint64_t start_ = 0, hash_at_ = 0, hash_end_ = 0, symbols_ = 0, strings_ = 0, names_end_ = 0,
                indices_ = 0;
  std::uint64_t tables_end_ = 0;
};

}  // namespace

tl::expected<ElfPrefix, ParseError> read_elf_prefix(std::span<const std::byte> prefix) {
  const auto identity = parse_readable_identity(prefix);
  if (!identity) return tl::unexpected(identity.error());
  ElfPrefix result;
  result.identity = *identity;
  PrefixReader(prefix, result).read();
  return result;
}

}  // namespace wheelfit::binary
