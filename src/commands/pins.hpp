// SPDX-License-Identifier: Apache-2.0
// What a wheel requires, pinned: in the version that is installed, else the one that an install would bring;
// with the hash that the environment's own index gives.
#pragma once

#include <string>
#include <vector>

#include "base/reporter.hpp"
#include "commands/decide.hpp"
#include "commands/index_supply.hpp"
#include "render/export.hpp"

namespace wheelfit::commands {

class Pins {
 public:
  // `http` may be null when offline: then no hash is known. All must outlive it.
  Pins(const probe::Environment& environment, const Settings& settings, system::World& world,
       system::HttpClient* http, const fetch::Store& store, Reporter& report);

  // Of the wheel that was chosen; torch is never among them. What cannot be pinned is warned of.
  void add(const Decided& decided, const catalog::Candidate& wheel);
  // Downloads what no listing gives the hash of, as far as it can be had.
  void complete_hashes();

  const std::vector<render::PinnedDependency>& all() const noexcept { return pins_; }

 private:
  class Supply;
  void pin(const install::Companion& companion, Supply& supply);

  const probe::Environment& environment_;
  system::World& world_;
  system::HttpClient* http_;
  fetch::Store store_;
  Reporter& report_;
  IndexSupply index_;
  std::vector<install::Companion> offers_;  // as pins_: where the index has it; else without a name
  std::vector<render::PinnedDependency> pins_;
};

}  // namespace wheelfit::commands
