// SPDX-License-Identifier: Apache-2.0
// Bytes that are read where they are wanted, and not as a whole: a file behind a network, a piece of memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace wheelfit::system {

// Not thread-safe. Neither size nor bytes change while it lives: an implementation that notices a change
// throws.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual std::uint64_t size() const = 0;
  // Fills all of `into`; `offset` + its size is at most size(). Throws Error where that cannot be done.
  virtual void read(std::uint64_t offset, std::span<std::byte> into) = 0;
};

}  // namespace wheelfit::system
