// SPDX-License-Identifier: Apache-2.0
#include "binary/symbol_hash.hpp"

#include <algorithm>
#include <bit>

namespace wheelfit::binary {
namespace {

constexpr std::uint64_t gnu_header_size = 16;

ParseError damaged(const char* which) {
  return {std::string("damaged: its ") + which + " hash table is not well formed"};
}

}  // namespace

std::uint32_t gnu_hash(std::string_view name) noexcept {
  std::uint32_t hash = 5381;
  for (const char c : name) hash = hash * 33 + static_cast<unsigned char>(c);
  return hash;
}

std::uint32_t sysv_hash(std::string_view name) noexcept {
  std::uint32_t hash = 0;
  for (const char c : name) {
    hash = (hash << 4) + static_cast<unsigned char>(c);
    hash ^= (hash >> 24) & 0xf0U;
  }
  return hash & 0x0fffffffU;
}

tl::expected<GnuHashTable, ParseError> GnuHashTable::parse(const Bytes& bytes) {
  if (!bytes.holds(0, gnu_header_size)) return tl::unexpected(damaged("GNU"));
  GnuHashTable table;
  table.bucket_count_ = bytes.get_or_zero<std::uint32_t>(0);
  table.first_symbol_ = bytes.get_or_zero<std::uint32_t>(4);
  table.bloom_words_ = bytes.get_or_zero<std::uint32_t>(8);
  table.bloom_shift_ = bytes.get_or_zero<std::uint32_t>(12);
  // glibc masks with bloom_words - 1 and shifts a 32-bit hash.
  if (!std::has_single_bit(table.bloom_words_) || table.bloom_shift_ > 31)
    return tl::unexpected(damaged("GNU"));
  table.buckets_at_ = gnu_header_size + std::uint64_t{table.bloom_words_} * 8;
  table.chains_at_ = table.buckets_at_ + std::uint64_t{table.bucket_count_} * 4;
  if (table.chains_at_ > bytes.size()) return tl::unexpected(damaged("GNU"));
  table.bytes_ = bytes;
  return table;
}

std::uint32_t GnuHashTable::symbol_count() const noexcept {
  std::uint32_t last = 0;
  for (std::uint32_t i = 0; i < bucket_count_; ++i) last = std::max(last, bucket(i));
  if (last < first_symbol_) return first_symbol_;
  if (!holds_chain(last)) return first_symbol_;  // a damaged bucket
  while (holds_chain(last) && (chain(last) & 1U) == 0) ++last;
  return holds_chain(last) ? last + 1 : last;
}

std::uint64_t GnuHashTable::size() const noexcept {
  return chains_at_ + std::uint64_t{symbol_count() - first_symbol_} * 4;
}

std::uint32_t GnuHashTable::stored_hash(std::uint32_t symbol) const noexcept {
  return symbol < first_symbol_ ? 0 : chain(symbol) | 1U;
}

tl::expected<SysvHashTable, ParseError> SysvHashTable::parse(const Bytes& bytes) {
  SysvHashTable table;
  table.bytes_ = bytes;
  table.bucket_count_ = bytes.get_or_zero<std::uint32_t>(0);
  table.chain_count_ = bytes.get_or_zero<std::uint32_t>(4);
  const std::uint64_t words = 2 + std::uint64_t{table.bucket_count_} + table.chain_count_;
  if (!bytes.holds(0, 8) || !bytes.holds(0, words * 4)) return tl::unexpected(damaged("SysV"));
  return table;
}

}  // namespace wheelfit::binary
