// SPDX-License-Identifier: Apache-2.0
// A piece of work, reported from its beginning to its end, however that comes about.
#pragma once

#include <cstdint>
#include <optional>

#include "base/reporter.hpp"

namespace wheelfit {

class Activity {
 public:
  // Reporter::started() now, Reporter::finished() at the end of the scope. `report` must live as long.
  Activity(Reporter& report, const Text& what, std::optional<std::uint64_t> total = std::nullopt)
      : report_(report) {
    report_.started(what, total);
  }
  ~Activity() { report_.finished(); }
  Activity(const Activity&) = delete;
  Activity& operator=(const Activity&) = delete;

 private:
  Reporter& report_;
};

}  // namespace wheelfit
