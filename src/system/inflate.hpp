// SPDX-License-Identifier: Apache-2.0
// Raw deflate (RFC 1951) and CRC-32 as a stream, over isa-l: bounded memory for members of any size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

namespace wheelfit::system {

enum class InflateEnd {
  finished,   // the last block was complete
  cut_short,  // the input ended before
  invalid,    // not deflate
  stopped,    // the output refused
};

// Not thread-safe; holds 600 KiB, so keep one for many streams.
class Inflater {
 public:
  using Input = std::function<std::size_t(std::span<std::byte>)>;  // fills the span; 0: the end
  using Output = std::function<bool(std::span<const std::byte>)>;  // false: stop

  Inflater();
  ~Inflater();
  Inflater(Inflater&&) noexcept;
  Inflater& operator=(Inflater&&) noexcept;

  InflateEnd run(const Input& input, const Output& output);
  // The same loop for data that is not compressed.
  InflateEnd copy(const Input& input, const Output& output);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// CRC-32 as zip and gzip use it; begin with 0.
std::uint32_t crc32(std::uint32_t before, std::span<const std::byte> bytes) noexcept;

}  // namespace wheelfit::system
