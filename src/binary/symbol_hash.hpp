// SPDX-License-Identifier: Apache-2.0
// The hash tables by which the dynamic loader finds a symbol: DT_GNU_HASH (bloom filter, buckets, chains) and
// the older DT_HASH. A look-up costs a few reads whatever the size of the library. Specification: gABI
// chapter 5 (DT_HASH); the GNU table as glibc's elf/dl-lookup.c and binutils define it.
#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>

#include <tl/expected.hpp>

#include "base/error.hpp"
#include "binary/bytes.hpp"

namespace wheelfit::binary {

std::uint32_t gnu_hash(std::string_view name) noexcept;
std::uint32_t sysv_hash(std::string_view name) noexcept;

// A view; the bytes outlive it. A default-constructed table holds nothing.
class GnuHashTable {
 public:
  GnuHashTable() = default;
  // `bytes`: from the table's first byte to at least its end. Fails where its parts do not fit into them.
  static tl::expected<GnuHashTable, ParseError> parse(const Bytes& bytes);

  bool empty() const noexcept { return bucket_count_ == 0; }
  // One more than the index of the last symbol in the table. Symbols below first_symbol() are not in it. An
  // object that exports nothing has a dummy table: the count is then first_symbol(), and says nothing about
  // .dynsym.
  std::uint32_t symbol_count() const noexcept;
  std::uint32_t first_symbol() const noexcept { return first_symbol_; }
  // Bytes from the table's start to its end.
  std::uint64_t size() const noexcept;
  // The hash stored for a symbol, with its lowest bit set.
  std::uint32_t stored_hash(std::uint32_t symbol) const noexcept;

  // Calls visit(symbol index) for each symbol with this hash until one returns true; says whether one did.
  template <std::predicate<std::uint32_t> Visit>
  bool find(std::uint32_t hash, Visit&& visit) const {
    if (empty() || !may_hold(hash)) return false;
    std::uint32_t symbol = bucket(hash % bucket_count_);
    if (symbol < first_symbol_) return false;
    for (; holds_chain(symbol); ++symbol) {
      const std::uint32_t stored = chain(symbol);
      if ((stored | 1U) == (hash | 1U) && visit(symbol)) return true;
      if ((stored & 1U) != 0) return false;
    }
    return false;
  }

 private:
  std::uint32_t bucket(std::uint32_t index) const noexcept {
    return bytes_.get_or_zero<std::uint32_t>(buckets_at_ + std::uint64_t{index} * 4);
  }
  std::uint64_t chain_offset(std::uint32_t symbol) const noexcept {
    return chains_at_ + (std::uint64_t{symbol} - first_symbol_) * 4;
  }
  bool holds_chain(std::uint32_t symbol) const noexcept { return bytes_.holds(chain_offset(symbol), 4); }
  std::uint32_t chain(std::uint32_t symbol) const noexcept {
    return bytes_.get_or_zero<std::uint32_t>(chain_offset(symbol));
  }
  bool may_hold(std::uint32_t hash) const noexcept {
    const auto word =
        bytes_.get_or_zero<std::uint64_t>(16 + std::uint64_t{(hash / 64) & (bloom_words_ - 1)} * 8);
    return ((word >> (hash % 64)) & (word >> ((hash >> bloom_shift_) % 64)) & 1U) != 0;
  }

  Bytes bytes_;
  std::uint32_t bucket_count_ = 0;
  std::uint32_t first_symbol_ = 0;
  std::uint32_t bloom_words_ = 0;
  std::uint32_t bloom_shift_ = 0;
  std::uint64_t buckets_at_ = 0;
  std::uint64_t chains_at_ = 0;
};

class SysvHashTable {
 public:
  SysvHashTable() = default;
  static tl::expected<SysvHashTable, ParseError> parse(const Bytes& bytes);

  bool empty() const noexcept { return bucket_count_ == 0; }
  std::uint32_t symbol_count() const noexcept { return chain_count_; }  // exactly .dynsym's

  template <std::predicate<std::uint32_t> Visit>
  bool find(std::uint32_t hash, Visit&& visit) const {
    if (empty()) return false;
    std::uint32_t symbol = word(2 + std::uint64_t{hash % bucket_count_});
    // The chains of a damaged table may loop: no chain is longer than the table.
    for (std::uint32_t steps = 0; symbol != 0 && symbol < chain_count_ && steps < chain_count_; ++steps) {
      if (visit(symbol)) return true;
      symbol = word(2 + std::uint64_t{bucket_count_} + symbol);
    }
    return false;
  }

 private:
  std::uint32_t word(std::uint64_t index) const noexcept {
    return bytes_.get_or_zero<std::uint32_t>(index * 4);
  }

  Bytes bytes_;
  std::uint32_t bucket_count_ = 0;
  std::uint32_t chain_count_ = 0;
};

}  // namespace wheelfit::binary
