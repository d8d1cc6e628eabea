// SPDX-License-Identifier: Apache-2.0
// How long the rest takes, corrected by how long what is done took. Pure.
#pragma once

#include <vector>

#include "build/schedule.hpp"

namespace wheelfit::build {

struct PaceOfUnit {
  std::size_t unit = 0;
  double seconds = 0;  // it has been running
};

class Pace {
 public:
  explicit Pace(std::vector<Load> loads);

  void finished(std::size_t unit, double seconds);
  // Until all are done, with so many at a time.
  double seconds_left(const std::vector<PaceOfUnit>& running, unsigned jobs) const;
  // How many times slower than expected; 1 before the first is done.
  double factor() const noexcept;

 private:
  std::vector<Load> loads_;
  std::vector<bool> done_;
  double expected_ = 0;  // of what is done
  double measured_ = 0;
};

}  // namespace wheelfit::build
