// SPDX-License-Identifier: Apache-2.0
// How fast something grows, over the last second or so.
#pragma once

#include <cstdint>
#include <deque>

namespace wheelfit::fetch {

class RateMeter {
 public:
  void sample(double now, std::uint64_t total) {
    samples_.push_back({now, total});
    while (samples_.size() > 2 && now - samples_[1].seconds >= window) samples_.pop_front();
  }
  double per_second() const noexcept {
    if (samples_.size() < 2) return 0;
    const double seconds = samples_.back().seconds - samples_.front().seconds;
    const std::uint64_t grown = samples_.back().total - samples_.front().total;
    return seconds <= 0 ? 0 : static_cast<double>(grown) / seconds;
  }

 private:
  static constexpr double window = 1;
  struct Sample {
    double seconds;
    std::uint64_t total;
  };
  std::deque<Sample> samples_;
};

}  // namespace wheelfit::fetch
