// SPDX-License-Identifier: Apache-2.0
#include "system/inflate.hpp"

#include <array>

#include <isa-l.h>

namespace wheelfit::system {
namespace {

constexpr std::size_t buffer_size = 256 * 1024;  // two of them stay in a core's L2 cache

std::uint8_t* raw(std::byte* bytes) { return reinterpret_cast<std::uint8_t*>(bytes); }

}  // namespace

struct Inflater::State {
  inflate_state isal;
  std::array<std::byte, buffer_size> in;
  std::array<std::byte, buffer_size> out;
};

Inflater::Inflater() : state_(std::make_unique<State>()) {}
Inflater::~Inflater() = default;
Inflater::Inflater(Inflater&&) noexcept = default;
Inflater& Inflater::operator=(Inflater&&) noexcept = default;

InflateEnd Inflater::run(const Input& input, const Output& output) {
  inflate_state& isal = state_->isal;
  isal_inflate_init(&isal);
  isal.avail_in = 0;
  bool more_input = true;
  for (;;) {
    if (isal.avail_in == 0 && more_input) {
      const std::size_t got = input(state_->in);
      more_input = got != 0;
      isal.next_in = raw(state_->in.data());
      isal.avail_in = static_cast<std::uint32_t>(got);
    }
    isal.next_out = raw(state_->out.data());
    isal.avail_out = buffer_size;
    if (isal_inflate(&isal) != ISAL_DECOMP_OK) return InflateEnd::invalid;
    const std::size_t made = buffer_size - isal.avail_out;
    if (made != 0 && !output(std::span(state_->out).first(made))) return InflateEnd::stopped;
    if (isal.block_state == ISAL_BLOCK_FINISH) return InflateEnd::finished;
    if (made == 0 && !more_input) return InflateEnd::cut_short;
  }
}

InflateEnd Inflater::copy(const Input& input, const Output& output) {
  while (const std::size_t got = input(state_->in)) {
    if (!output(std::span(state_->in).first(got))) return InflateEnd::stopped;
  }
  return InflateEnd::finished;
}

std::uint32_t crc32(std::uint32_t before, std::span<const std::byte> bytes) noexcept {
  return crc32_gzip_refl(before, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

}  // namespace wheelfit::system
