// SPDX-License-Identifier: Apache-2.0
#include "build/schedule.hpp"

#include <algorithm>
#include <numeric>

namespace wheelfit::build {
namespace {

constexpr std::uint64_t share_left = 16;   // of all memory, never planned for
constexpr std::uint64_t share_short = 32;  // below this, a unit is ended

}  // namespace

Schedule::Schedule(std::vector<Load> loads, unsigned jobs)
    : loads_(std::move(loads)), states_(loads_.size()), order_(loads_.size()), jobs_(std::max(jobs, 1U)) {
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  std::ranges::stable_sort(order_, [this](std::size_t a, std::size_t b) {
    if (loads_[a].first != loads_[b].first) return loads_[a].first;
    return loads_[a].seconds > loads_[b].seconds;
  });
}

// What the running units are still expected to take.
std::uint64_t Schedule::reserved_by_running(const MemoryNow& memory) const {
  std::uint64_t reserved = 0;
  for (std::size_t i = 0; i < running_.size(); ++i) {
    const std::uint64_t held = i < memory.held.size() ? memory.held[i] : 0;
    const std::uint64_t peak = loads_[running_[i]].peak_bytes;
    reserved += peak - std::min(peak, held);
  }
  return reserved;
}

std::optional<std::size_t> Schedule::next(const MemoryNow& memory) const {
  if (running_.size() >= jobs_) return std::nullopt;
  const bool one_alone =
      std::ranges::any_of(running_, [this](std::size_t unit) { return states_[unit].alone; });
  if (one_alone) return std::nullopt;
  const std::uint64_t kept = reserved_by_running(memory) + memory.limit / share_left;
  const std::uint64_t room = memory.available - std::min(memory.available, kept);
  const auto waits = [this](std::size_t unit) { return states_[unit].phase == Phase::waiting; };
  const auto fits = [&](std::size_t unit) {
    return waits(unit) && !states_[unit].alone && loads_[unit].peak_bytes <= room;
  };
  auto found = std::ranges::find_if(order_, fits);
  if (found == order_.end() && running_.empty()) found = std::ranges::find_if(order_, waits);
  return found == order_.end() ? std::nullopt : std::optional(*found);
}

std::optional<std::size_t> Schedule::to_withdraw(const MemoryNow& memory) const {
  if (running_.size() < 2 || memory.available >= memory.limit / share_short) return std::nullopt;
  return running_.back();
}

void Schedule::started(std::size_t unit) {
  states_.at(unit).phase = Phase::running;
  running_.push_back(unit);
}

void Schedule::finished(std::size_t unit) {
  states_.at(unit).phase = Phase::done;
  std::erase(running_, unit);
  ++done_;
}

void Schedule::withdrawn(std::size_t unit, std::uint64_t held) {
  states_.at(unit) = {Phase::waiting, true};
  loads_[unit].peak_bytes = std::max(loads_[unit].peak_bytes, held);
  std::erase(running_, unit);
}

}  // namespace wheelfit::build
