// SPDX-License-Identifier: Apache-2.0
// What the environment's own installer will bring beside a wheel, asked of the index before anything is
// written. The installer chooses for itself in the end: this is what it will most likely take.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/reporter.hpp"
#include "commands/decide.hpp"
#include "commands/index_supply.hpp"
#include "commands/settings.hpp"
#include "commands/wheel_metadata.hpp"
#include "fetch/fetch.hpp"
#include "install/companions.hpp"
#include "probe/environment.hpp"
#include "system/world.hpp"

namespace wheelfit::commands {

// Keeps warnings, and is silent.
class Doubts final : public Reporter {
 public:
  void started(const Text&, std::optional<std::uint64_t>) noexcept override {}
  void progressed(std::uint64_t) noexcept override {}
  void finished() noexcept override {}
  void note(const Text&) noexcept override {}
  void warning(const Text& line) noexcept override;
  std::vector<Text> take();

 private:
  std::mutex mutex_;
  std::vector<Text> lines_;
};

class DependencyForecast {
 public:
  // `http` may be null when offline. All must outlive it.
  DependencyForecast(const probe::Environment& environment, const Settings& settings, system::World& world,
                     system::HttpClient* http, const fetch::Store& store, Reporter& report);

  // Fills in decided.decision.forecast. What one decision brings is there for the next. Where nothing is
  // missing nobody is asked, and an index that did not answer before is not asked again. What cannot be told
  // is no error: it is said in `not_foreseen`.
  void add_to(Decided& decided);
  // Bytes that the store lacks of all that was foreseen so far.
  std::uint64_t still_to_fetch() const noexcept { return still_to_fetch_; }

 private:
  std::vector<std::string> requirements(const Decided& decided) const;
  void add_companions(const std::string& package, const std::vector<std::string>& rows,
                      resolve::Forecast& forecast);
  std::optional<WheelSize> measured_size(const catalog::Candidate& wheel) const;
  resolve::ForeseenDependency foreseen(const install::Companion& companion) const;

  const probe::Environment& environment_;
  system::World& world_;
  system::HttpClient* http_;
  fetch::Store store_;
  Reporter& report_;
  Doubts doubts_;
  install::Premises premises_;
  IndexSupply supply_;
  std::uint64_t still_to_fetch_ = 0;
};

}  // namespace wheelfit::commands
