// SPDX-License-Identifier: Apache-2.0
#include "build/pace.hpp"

#include <algorithm>

namespace wheelfit::build {

Pace::Pace(std::vector<Load> loads) : loads_(std::move(loads)), done_(loads_.size()) {}

void Pace::finished(std::size_t unit, double seconds) {
  done_.at(unit) = true;
  expected_ += loads_[unit].seconds;
  measured_ += seconds;
}

double Pace::factor() const noexcept { return expected_ > 0 ? measured_ / expected_ : 1; }

double Pace::seconds_left(const std::vector<PaceOfUnit>& running, unsigned jobs) const {
  double work = 0;
  double longest = 0;  // of those that run: the end waits for it
  for (std::size_t unit = 0; unit < loads_.size(); ++unit) {
    if (done_[unit]) continue;
    const auto found = std::ranges::find(running, unit, &PaceOfUnit::unit);
    const double whole = loads_[unit].seconds * factor();
    const double left = found == running.end() ? whole : std::max(whole - found->seconds, 0.0);
    work += left;
    longest = std::max(longest, left);
  }
  return std::max(work / std::max(jobs, 1U), longest);
}

}  // namespace wheelfit::build
