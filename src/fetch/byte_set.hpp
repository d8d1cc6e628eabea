// SPDX-License-Identifier: Apache-2.0
// Which bytes of a file are here. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace wheelfit::fetch {

struct ByteSpan {
  std::uint64_t first = 0;
  std::uint64_t end = 0;  // behind the last byte

  std::uint64_t length() const noexcept { return end - first; }
  bool empty() const noexcept { return end <= first; }
  friend bool operator==(const ByteSpan&, const ByteSpan&) = default;
};

class ByteSet {
 public:
  void add(ByteSpan span);
  void clear() { spans_.clear(); }

  bool empty() const noexcept { return spans_.empty(); }
  std::uint64_t total() const noexcept;
  // How many bytes are here without a gap from the beginning of the file.
  std::uint64_t contiguous() const noexcept;
  // The first bytes in [from, end) that are not here, up to the next that are; nullopt: all are.
  std::optional<ByteSpan> gap(std::uint64_t from, std::uint64_t end) const;
  std::vector<ByteSpan> spans() const;

 private:
  std::map<std::uint64_t, std::uint64_t> spans_;  // first -> end; disjoint, never touching
};

}  // namespace wheelfit::fetch
