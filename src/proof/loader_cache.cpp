// SPDX-License-Identifier: Apache-2.0
#include "proof/loader_cache.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "binary/bytes.hpp"

namespace wheelfit::proof {
namespace {

using binary::Bytes;
using binary::Machine;

constexpr std::string_view old_magic = "ld.so-1.7.0";
constexpr std::string_view new_magic = "glibc-ld.so.cache1.1";
constexpr std::uint64_t old_header_size = 16;
constexpr std::uint64_t old_entry_size = 12;
constexpr std::uint64_t new_header_size = 48;
constexpr std::uint64_t new_entry_size = 24;
constexpr std::uint64_t extension_offset_at = 32;
constexpr std::uint32_t extension_magic = 0xEAA42174;
constexpr std::uint32_t hwcaps_section = 1;
constexpr std::uint64_t hwcaps_entry = std::uint64_t{1} << 62;  // else a bit set of the legacy kind

struct NewEntry {
  std::uint32_t flags, key, value, os_version;
  std::uint64_t hwcap;
};
static_assert(sizeof(NewEntry) == new_entry_size);

// ldconfig can write the old format in front, for programs of the last century.
std::optional<Bytes> new_part(const Bytes& file) {
  if (file.text().starts_with(new_magic)) return file;
  if (!file.text().starts_with(old_magic)) return std::nullopt;
  const std::uint64_t count = file.get_or_zero<std::uint32_t>(12);
  const std::uint64_t end = (old_header_size + count * old_entry_size + 7) / 8 * 8;
  const Bytes rest = file.from(end);
  return rest.text().starts_with(new_magic) ? std::optional(rest) : std::nullopt;
}

// The names that entries of the hwcaps kind point to.
std::vector<std::string> hwcaps_names(const Bytes& cache) {
  std::vector<std::string> names;
  const std::uint64_t at = cache.get_or_zero<std::uint32_t>(extension_offset_at);
  if (at == 0 || cache.get_or_zero<std::uint32_t>(at) != extension_magic) return names;
  const std::uint64_t sections = cache.get_or_zero<std::uint32_t>(at + 4);
  for (std::uint64_t i = 0; i < sections && cache.holds(at + 8 + i * 16, 16); ++i) {
    const std::uint64_t section = at + 8 + i * 16;
    if (cache.get_or_zero<std::uint32_t>(section) != hwcaps_section) continue;
    const std::uint64_t start = cache.get_or_zero<std::uint32_t>(section + 8);
    const std::uint64_t size = cache.get_or_zero<std::uint32_t>(section + 12);
    for (std::uint64_t entry = start; entry + 4 <= start + size && cache.holds(entry, 4); entry += 4)
      names.emplace_back(
          cache.c_string(cache.get_or_zero<std::uint32_t>(entry)).value_or(std::string_view{}));
    break;
  }
  return names;
}

// What ld.so of this machine heeds: libc6 with its own ABI; nullopt takes any, the file's machine decides.
std::optional<std::uint32_t> wanted_flags(Machine machine) {
  switch (machine) {
    case Machine::x86_64:
      return 0x0303;
    case Machine::aarch64:
      return 0x0a03;
    case Machine::ppc64:
      return 0x0503;
    case Machine::s390:
      return 0x0403;
    default:
      return std::nullopt;
  }
}

}  // namespace

tl::expected<LoaderCache, ParseError> LoaderCache::parse(std::span<const std::byte> bytes) {
  const auto cache = new_part(Bytes(bytes));
  if (!cache) return tl::unexpected(ParseError{"not a cache of glibc's loader (glibc-ld.so.cache1.1)"});
  const std::uint64_t count = cache->get_or_zero<std::uint32_t>(new_magic.size());
  if (!cache->holds(new_header_size, count * new_entry_size))
    return tl::unexpected(ParseError{"truncated: the entries run past the end of the loader's cache"});
  const std::vector<std::string> hwcaps = hwcaps_names(*cache);
  LoaderCache result;
  std::uint64_t strings = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto entry = cache->get_or_zero<NewEntry>(new_header_size + i * new_entry_size);
    const auto name = cache->c_string(entry.key), path = cache->c_string(entry.value);
    if (!name || !path) return tl::unexpected(ParseError{"damaged: a name lies outside the loader's cache"});
    // Entries that share ever the same long string would take more memory than the file holds.
    strings += name->size() + path->size();
    if (strings > 16 * cache->size())
      return tl::unexpected(ParseError{"damaged: the names in the loader's cache overlap"});
    if (entry.hwcap != 0 && (entry.hwcap >> 62) != 1) continue;
    const auto index = static_cast<std::uint32_t>(entry.hwcap);
    if (entry.hwcap >= hwcaps_entry && index >= hwcaps.size()) continue;
    result.entries_.push_back({std::string(*name), std::string(*path), entry.flags,
                               entry.hwcap >= hwcaps_entry ? hwcaps[index] : std::string{}});
  }
  std::ranges::stable_sort(result.entries_, {}, &LoaderCacheEntry::name);
  return result;
}

std::string_view LoaderCache::find(std::string_view name, Machine machine,
                                   std::span<const std::string> hwcaps) const {
  const auto flags = wanted_flags(machine);
  const auto [first, last] = std::ranges::equal_range(
      entries_, name, {}, [](const LoaderCacheEntry& entry) { return std::string_view(entry.name); });
  std::string_view best;
  std::size_t best_rank = hwcaps.size() + 1;
  for (auto entry = first; entry != last; ++entry) {
    if (flags && entry->flags != *flags) continue;
    const auto known = std::ranges::find(hwcaps, entry->hwcaps);
    const auto rank =
        entry->hwcaps.empty() ? hwcaps.size() : static_cast<std::size_t>(known - hwcaps.begin());
    if (!entry->hwcaps.empty() && known == hwcaps.end()) continue;
    if (rank < best_rank) best = entry->path, best_rank = rank;
  }
  return best;
}

}  // namespace wheelfit::proof
