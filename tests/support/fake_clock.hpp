// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <mutex>
#include <vector>

#include "system/clock.hpp"

namespace wheelfit::test {

// Stands still at 2026-08-01 00:00:00 UTC; sleeping moves it on at once and is remembered. Thread-safe.
class FakeClock final : public system::Clock {
 public:
  std::chrono::system_clock::time_point now() override {
    const std::lock_guard lock(mutex_);
    return now_;
  }
  void sleep(std::chrono::milliseconds duration) override {
    const std::lock_guard lock(mutex_);
    now_ += duration;
    sleeps_.push_back(duration);
  }

  void set(std::chrono::system_clock::time_point now) {
    const std::lock_guard lock(mutex_);
    now_ = now;
  }
  std::vector<std::chrono::milliseconds> sleeps() const {
    const std::lock_guard lock(mutex_);
    return sleeps_;
  }

 private:
  mutable std::mutex mutex_;
  std::chrono::system_clock::time_point now_{std::chrono::seconds(1785542400)};
  std::vector<std::chrono::milliseconds> sleeps_;
};

}  // namespace wheelfit::test
