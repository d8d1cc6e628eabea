// SPDX-License-Identifier: Apache-2.0
// Whole blocks that say beforehand how large they become: zstd frames (RFC 8878) and raw LZ4 blocks (without
// LZ4's frame format). Thread-safe. The bytes may be anything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace wheelfit::system {

// Exactly `raw_size` bytes, or nothing: where `stored` is damaged, holds more or less, or cannot hold that
// much by its format's own limits. Memory is raw_size and, once a call, 200 KiB; the caller decides whether
// raw_size is credible.
std::optional<std::vector<std::byte>> unzstd(std::span<const std::byte> stored, std::uint64_t raw_size);
std::optional<std::vector<std::byte>> unlz4(std::span<const std::byte> stored, std::uint64_t raw_size);

}  // namespace wheelfit::system
