// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace wheelfit::system {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual std::chrono::system_clock::time_point now() = 0;
  virtual void sleep(std::chrono::milliseconds duration) = 0;
};

class RealClock final : public Clock {
 public:
  std::chrono::system_clock::time_point now() override { return std::chrono::system_clock::now(); }
  void sleep(std::chrono::milliseconds duration) override;
};

}  // namespace wheelfit::system
