// SPDX-License-Identifier: Apache-2.0
// ROCm code inside an object: the clang offload bundles of .hip_fatbin. Pure, bounded by the bytes given.
// Specification: LLVM, "Clang Offload Bundler" (bundled and compressed "CCOB" layouts).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "binary/fatbin.hpp"

namespace wheelfit::binary {

struct OffloadBundle {
  std::uint64_t offset = 0;          // in the object
  bool compressed = false;           // "CCOB"; its targets stay empty where it cannot be decompressed
  std::vector<std::string> targets;  // "gfx942", "gfx90a:sramecc+:xnack-"; the host entry is left out
};

// `decompress` is asked for zstd only; zlib ones, and version 1, which does not tell its size, stay closed.
std::vector<OffloadBundle> list_offload_bundles(std::span<const std::byte> object,
                                                const Decompressor& decompress = {});

}  // namespace wheelfit::binary
