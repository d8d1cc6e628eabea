// SPDX-License-Identifier: Apache-2.0
#include "proof/fatbin_decompressor.hpp"

#include "system/decompress.hpp"

namespace wheelfit::proof {

binary::Decompressor fatbin_decompressor() {
  return [](binary::Compression compression, std::span<const std::byte> stored,
            std::uint64_t raw_size) -> std::optional<std::vector<std::byte>> {
    switch (compression) {
      case binary::Compression::lz4:
        return system::unlz4(stored, raw_size);
      case binary::Compression::zstd:
        return system::unzstd(stored, raw_size);
      case binary::Compression::none:
        break;
    }
    return std::nullopt;
  };
}

}  // namespace wheelfit::proof
