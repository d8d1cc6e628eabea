// SPDX-License-Identifier: Apache-2.0
#include "fetch/piece_plan.hpp"

#include <algorithm>
#include <limits>

namespace wheelfit::fetch {
namespace {

constexpr std::uint64_t endless = std::numeric_limits<std::uint64_t>::max();
// Less is left to who has it: a request of its own would cost as much.
constexpr std::uint64_t least_taken_over = 512U << 10U;
constexpr double least_seconds_taken_over = 0.5;

}  // namespace

void PiecePlan::set_size(std::uint64_t size) {
  size_ = size;
  for (auto& [worker, assignment] : assigned_) {
    ByteSpan& left = assignment.left;
    left.end = std::max(left.first, std::min(left.end, size));
  }
}

std::uint64_t PiecePlan::missing() const noexcept {
  return size_ ? *size_ - std::min(*size_, done_.total()) : 0;
}

std::uint64_t PiecePlan::unassigned() const noexcept {
  std::uint64_t assigned = 0;
  for (const auto& [worker, assignment] : assigned_) assigned += assignment.left.length();
  return missing() - std::min(missing(), assigned);
}

// The first bytes that are neither here nor under way.
std::optional<ByteSpan> PiecePlan::next_gap(std::uint64_t from) const {
  ByteSet taken = done_;
  for (const auto& [worker, assignment] : assigned_) taken.add(assignment.left);
  return taken.gap(from, size_.value_or(endless));
}

std::optional<ByteSpan> PiecePlan::assign(Worker worker, std::uint64_t length, double bytes_per_second,
                                          double wait) {
  std::optional<ByteSpan> span = take_over_stalled(worker);
  if (!span) {
    span = next_gap(0);
    // A little that is left over would want a request of its own.
    if (span && span->length() > length + length / 4) span->end = span->first + length;
  }
  if (!span) span = take_over_slowest(worker, bytes_per_second, wait);
  if (span) assigned_[worker] = {*span, {bytes_per_second, false, true}};
  return span;
}

ByteSpan PiecePlan::assign_whole(Worker worker) {
  const ByteSpan whole{0, size_.value_or(endless)};
  assigned_.clear();
  assigned_[worker] = {whole, {}};
  return whole;
}

std::optional<ByteSpan> PiecePlan::take_over_stalled(Worker worker) {
  std::optional<ByteSpan> taken;
  Assignment* from = nullptr;
  for (auto& [other, assignment] : assigned_) {
    if (other == worker || !assignment.pace.stalled || assignment.left.empty()) continue;
    if (from == nullptr || assignment.left.first < from->left.first) from = &assignment;
  }
  if (from == nullptr) return std::nullopt;
  taken = from->left;
  from->left.end = from->left.first;
  return taken;
}

std::optional<ByteSpan> PiecePlan::take_over_slowest(Worker worker, double bytes_per_second, double wait) {
  Assignment* from = nullptr;
  double longest = least_seconds_taken_over + wait;
  for (auto& [other, assignment] : assigned_) {
    if (other == worker || assignment.pace.fresh || assignment.left.length() < least_taken_over) continue;
    const double speed = std::max(assignment.pace.bytes_per_second, 1.0);
    const double seconds = static_cast<double>(assignment.left.length()) / speed;
    if (seconds <= longest) continue;
    longest = seconds;
    from = &assignment;
  }
  if (from == nullptr) return std::nullopt;
  const double theirs = from->pace.bytes_per_second;
  // Who has brought nothing yet is taken to be as fast: half of the work shows it.
  const double ours = bytes_per_second > 0 ? bytes_per_second : std::max(theirs, 1.0);
  const double share = theirs < ours / 8 ? 1.0 : ours / (ours + theirs);
  const auto length = static_cast<std::uint64_t>(static_cast<double>(from->left.length()) * share);
  const ByteSpan taken{from->left.end - std::min(length, from->left.length()), from->left.end};
  from->left.end = taken.first;
  return taken.empty() ? std::nullopt : std::optional(taken);
}

bool PiecePlan::take_back(Worker worker, const ByteSpan& range) {
  for (auto& [other, assignment] : assigned_) {
    const ByteSpan& theirs = assignment.left;
    const bool within = theirs.first == range.first && theirs.end <= range.end && !theirs.empty();
    if (other == worker || assignment.answered || !within) continue;
    assigned_[worker].left = theirs;
    assignment.left.end = assignment.left.first;
    return true;
  }
  return false;
}

void PiecePlan::set_pace(Worker worker, Pace pace) {
  const auto found = assigned_.find(worker);
  if (found != assigned_.end()) found->second.pace = pace;
}

ByteSpan PiecePlan::left(Worker worker) const {
  const auto found = assigned_.find(worker);
  return found == assigned_.end() ? ByteSpan{} : found->second.left;
}

std::uint64_t PiecePlan::received(Worker worker, std::uint64_t length) {
  const auto found = assigned_.find(worker);
  if (found == assigned_.end()) return 0;
  found->second.answered = true;
  ByteSpan& left = found->second.left;
  const std::uint64_t wanted = std::min(length, left.length());
  done_.add({left.first, left.first + wanted});
  left.first += wanted;
  return wanted;
}

}  // namespace wheelfit::fetch
