// SPDX-License-Identifier: Apache-2.0
#include "fetch/byte_set.hpp"

#include <algorithm>

namespace wheelfit::fetch {

void ByteSet::add(ByteSpan span) {
  if (span.empty()) return;
  auto next = spans_.upper_bound(span.first);
  if (next != spans_.begin()) {
    const auto before = std::prev(next);
    if (before->second >= span.first) {
      span.first = before->first;
      span.end = std::max(span.end, before->second);
      spans_.erase(before);
    }
  }
  while (next != spans_.end() && next->first <= span.end) {
    span.end = std::max(span.end, next->second);
    next = spans_.erase(next);
  }
  spans_.emplace(span.first, span.end);
}

std::uint64_t ByteSet::total() const noexcept {
  std::uint64_t sum = 0;
  for (const auto& [first, end] : spans_) sum += end - first;
  return sum;
}

std::uint64_t ByteSet::contiguous() const noexcept {
  return spans_.empty() || spans_.begin()->first > 0 ? 0 : spans_.begin()->second;
}

std::optional<ByteSpan> ByteSet::gap(std::uint64_t from, std::uint64_t end) const {
  auto next = spans_.upper_bound(from);
  if (next != spans_.begin()) from = std::max(from, std::prev(next)->second);
  if (from >= end) return std::nullopt;
  return ByteSpan{from, next == spans_.end() ? end : std::min(end, next->first)};
}

std::vector<ByteSpan> ByteSet::spans() const {
  std::vector<ByteSpan> all;
  all.reserve(spans_.size());
  for (const auto& [first, end] : spans_) all.push_back({first, end});
  return all;
}

}  // namespace wheelfit::fetch
