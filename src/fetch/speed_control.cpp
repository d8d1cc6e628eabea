// SPDX-License-Identifier: Apache-2.0
#include "fetch/speed_control.hpp"

#include <algorithm>

namespace wheelfit::fetch {
namespace {

// New connections begin slowly, and servers let the first bytes pass faster than those that follow: neither
// is measured.
constexpr double least_settling = 0.1;
constexpr double least_window = 0.2;
constexpr double in_latencies = 4;
constexpr double longest_window = 3;
// Twice the connections are worth keeping from this gain on, and worth doubling again from that one on.
constexpr double worth_keeping = 1.08;
constexpr double worth_more = 1.25;
constexpr double fallen = 0.6;
constexpr double longest_pause = 60;
// Of a rate that comes in lumps, as servers that hold back send them, a short look tells little. Trying more
// connections costs little, too: only two steady rates are compared.
constexpr int steady_arrivals = 6;
constexpr double weight_of_latest = 0.3;

}  // namespace

double SpeedControl::window() const {
  return std::min(std::max(least_window, in_latencies * latency_), longest_window);
}

void SpeedControl::begin(int target) {
  target_ = target;
  settled_.reset();
  measured_from_.reset();
}

void SpeedControl::refused(int flowing) {
  most_ = std::max(1, std::min(most_, flowing));
  if (target_ > most_) begin(most_);
  best_ = std::min(best_, most_);
}

void SpeedControl::observe(double now, std::uint64_t received, int flowing, double latency) {
  latency_ = latency;
  if (flowing < target_) {  // not all are there yet, or one is between two pieces
    if (!settled_) return;
  } else if (!settled_) {
    settled_ = now;
  }
  if (received > received_last_) ++arrivals_;
  received_last_ = received;
  if (!measured_from_) {
    if (now - *settled_ < std::max(least_settling, window() / 2)) return;
    measured_from_ = now;
    bytes_then_ = received;
    arrivals_ = 0;
    return;
  }
  const double seconds = now - *measured_from_;
  if (seconds < window()) return;
  const double rate = static_cast<double>(received - std::min(received, bytes_then_)) / seconds;
  const bool steady = arrivals_ >= steady_arrivals;
  measured_from_ = now;
  bytes_then_ = received;
  arrivals_ = 0;
  judge(now, rate, steady);
}

void SpeedControl::judge(double now, double rate, bool steady) {
  if (target_ > best_) {
    const bool comparable = steady && best_is_steady_;
    if (comparable && rate < best_rate_ * worth_keeping) {
      sleep(now);
      begin(best_);
      return;
    }
    growing_ = !comparable || rate >= best_rate_ * worth_more;
    if (!growing_) sleep(now);
    best_rate_ = rate;
  } else {
    const bool fell = rate < best_rate_ * fallen;
    if (!growing_ && (fell || now >= asleep_until_)) growing_ = true;
    best_rate_ = best_rate_ == 0 ? rate : best_rate_ + (rate - best_rate_) * weight_of_latest;
  }
  best_ = target_;
  best_is_steady_ = steady;
  if (growing_ && target_ < most_) begin(std::min(target_ * 2, most_));
}

// More connections bring nothing for now.
void SpeedControl::sleep(double now) {
  growing_ = false;
  asleep_until_ = now + pause_;
  pause_ = std::min(pause_ * 2, longest_pause);
}

}  // namespace wheelfit::fetch
