// SPDX-License-Identifier: Apache-2.0
#include "system/decompress.hpp"

#include <algorithm>
#include <limits>

#include <lz4.h>
#include <zstd.h>

namespace wheelfit::system {
namespace {

// A zstd block is at least 4 bytes (header and one repeated byte) and becomes at most 128 KiB.
constexpr std::uint64_t most_gain_zstd = 128 * 1024 / 4;
// A byte of an LZ4 match's length stands for 255 bytes at most.
constexpr std::uint64_t most_gain_lz4 = 255;
constexpr std::uint64_t short_block = 64;  // what few bytes may become without any such gain

bool can_become(std::uint64_t stored, std::uint64_t raw_size, std::uint64_t most_gain) {
  return raw_size <= short_block || raw_size / most_gain <= stored;
}

}  // namespace

std::optional<std::vector<std::byte>> unzstd(std::span<const std::byte> stored, std::uint64_t raw_size) {
  if (!can_become(stored.size(), raw_size, most_gain_zstd)) return std::nullopt;
  // What the first frame states, if it does, saves the memory for a lie; the call below decides.
  const auto stated = ZSTD_getFrameContentSize(stored.data(), stored.size());
  if (stated == ZSTD_CONTENTSIZE_ERROR || (stated != ZSTD_CONTENTSIZE_UNKNOWN && stated > raw_size))
    return std::nullopt;
  std::vector<std::byte> raw(raw_size);
  const std::size_t made = ZSTD_decompress(raw.data(), raw.size(), stored.data(), stored.size());
  if (ZSTD_isError(made) != 0 || made != raw_size) return std::nullopt;
  return raw;
}

std::optional<std::vector<std::byte>> unlz4(std::span<const std::byte> stored, std::uint64_t raw_size) {
  constexpr std::uint64_t most = std::numeric_limits<int>::max();
  if (stored.size() > most || raw_size > std::min<std::uint64_t>(most, LZ4_MAX_INPUT_SIZE))
    return std::nullopt;
  if (!can_become(stored.size(), raw_size, most_gain_lz4)) return std::nullopt;
  std::vector<std::byte> raw(raw_size);
  // The decoder wants a place to write to even where nothing is to be written.
  char none = 0;
  char* const target = raw.empty() ? &none : reinterpret_cast<char*>(raw.data());
  const int made = LZ4_decompress_safe(reinterpret_cast<const char*>(stored.data()), target,
                                       static_cast<int>(stored.size()), static_cast<int>(raw_size));
  if (made < 0 || static_cast<std::uint64_t>(made) != raw_size) return std::nullopt;
  return raw;
}

}  // namespace wheelfit::system
