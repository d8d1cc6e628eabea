// SPDX-License-Identifier: Apache-2.0
// Seconds that pass evenly, and as fast as the clock that is slept on: a test's clock jumps over its pauses.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>

#include "system/clock.hpp"

namespace wheelfit::fetch {

class Timeline {
 public:
  explicit Timeline(system::Clock& clock) : clock_(clock), begin_(std::chrono::steady_clock::now()) {}

  double now() const { return real() + skipped_; }

  void wait(double seconds) {
    const double before = real();
    // Whole milliseconds, but no more for what the arithmetic adds.
    clock_.sleep(std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(seconds * 1000 - 0.01))));
    skipped_ += std::max(0.0, seconds - (real() - before));
  }

 private:
  double real() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }

  system::Clock& clock_;
  std::chrono::steady_clock::time_point begin_;
  double skipped_ = 0;
};

}  // namespace wheelfit::fetch
