// SPDX-License-Identifier: Apache-2.0
// Bounded little-endian reads from bytes that nobody vouches for. A view: it owns nothing. No call reads
// outside the view, whatever the offset; offsets and lengths may be any 64-bit value.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

namespace wheelfit::binary {

static_assert(std::endian::native == std::endian::little,
              "the readers copy little-endian fields as they are");

class Bytes {
 public:
  Bytes() = default;
  Bytes(std::span<const std::byte> bytes) : bytes_(bytes) {}  // NOLINT: a span is bytes

  std::uint64_t size() const noexcept { return bytes_.size(); }
  bool empty() const noexcept { return bytes_.empty(); }
  std::span<const std::byte> span() const noexcept { return bytes_; }
  std::string_view text() const noexcept {
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
  }

  bool holds(std::uint64_t offset, std::uint64_t length) const noexcept {
    return offset <= size() && length <= size() - offset;
  }

  // The T that lies at `offset`; nullopt where it does not lie wholly inside.
  template <typename T>
  std::optional<T> get(std::uint64_t offset) const noexcept {
    static_assert(std::is_trivially_copyable_v<T>);
    if (!holds(offset, sizeof(T))) return std::nullopt;
    T value;
    std::memcpy(&value, bytes_.data() + offset, sizeof(T));
    return value;
  }

  // As get(); a value-initialised T (zeros) where it does not lie inside.
  template <typename T>
  T get_or_zero(std::uint64_t offset) const noexcept {
    return get<T>(offset).value_or(T{});
  }

  // Clipped to what is there.
  Bytes slice(std::uint64_t offset, std::uint64_t length) const noexcept {
    if (offset >= size()) return {};
    return bytes_.subspan(offset, length < size() - offset ? length : size() - offset);
  }
  Bytes from(std::uint64_t offset) const noexcept { return slice(offset, size()); }

  // The NUL-terminated string at `offset`, without the NUL; nullopt where it does not end inside.
  std::optional<std::string_view> c_string(std::uint64_t offset) const noexcept {
    if (offset >= size()) return std::nullopt;
    const std::string_view rest = text().substr(offset);
    const auto end = rest.find('\0');
    if (end == std::string_view::npos) return std::nullopt;
    return rest.substr(0, end);
  }

 private:
  std::span<const std::byte> bytes_;
};

}  // namespace wheelfit::binary
