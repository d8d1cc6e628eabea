// SPDX-License-Identifier: Apache-2.0
// How many connections are worth having. Pure: times and counts in, a number out.
#pragma once

#include <cstdint>
#include <optional>

namespace wheelfit::fetch {

// Begins with one, doubles as long as that brings more, steps back where it does not, and never passes what
// the servers have let it have. All times are seconds on one clock.
class SpeedControl {
 public:
  explicit SpeedControl(int most) : most_(most) {}

  int target() const noexcept { return target_; }
  int most() const noexcept { return most_; }

  // To be called some ten times a second. `received`: bytes in all; `flowing`: connections that have brought
  // something; `latency`: of the slowest of them, from the request to the first byte.
  void observe(double now, std::uint64_t received, int flowing, double latency);
  // A server did not want another connection beside `flowing`: it is not asked for more.
  void refused(int flowing);

 private:
  void begin(int target);
  void judge(double now, double rate, bool steady);
  void sleep(double now);
  double window() const;

  int most_;
  int target_ = 1;
  int best_ = 1;          // connections that were worth it
  double best_rate_ = 0;  // what they brought
  bool best_is_steady_ = false;
  bool growing_ = true;
  double latency_ = 0;
  std::optional<double> settled_;  // when all had begun to bring something
  std::optional<double> measured_from_;
  std::uint64_t bytes_then_ = 0;
  std::uint64_t received_last_ = 0;
  int arrivals_ = 0;         // times at which something had come since the time before
  double asleep_until_ = 0;  // after it has been found that more bring nothing
  double pause_ = 5;
};

}  // namespace wheelfit::fetch
