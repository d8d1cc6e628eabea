// SPDX-License-Identifier: Apache-2.0
// Any bytes as a zstd frame and as an LZ4 block, with any claimed size: the first eight bytes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>

#include "system/decompress.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wheelfit;
  std::uint64_t raw_size = 0;
  if (size < sizeof raw_size) return 0;
  std::memcpy(&raw_size, data, sizeof raw_size);
  const auto stored = std::as_bytes(std::span(data, size)).subspan(sizeof raw_size);
  // As binary::image_bytes does: larger claims are not passed on.
  if (raw_size > stored.size() * 1024 + 65536) raw_size %= stored.size() * 1024 + 65536;
  for (const auto open : {system::unzstd, system::unlz4})
    if (const auto raw = open(stored, raw_size); raw && raw->size() != raw_size) std::abort();
  return 0;
}
