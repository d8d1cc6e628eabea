// SPDX-License-Identifier: Apache-2.0
#include "commands/dependency_forecast.hpp"

#include <algorithm>
#include <utility>

#include "base/activity.hpp"
#include "base/at_once.hpp"
#include "base/error.hpp"
#include "commands/addresses.hpp"
#include "commands/conda_install.hpp"
#include "commands/premises.hpp"

namespace wheelfit::commands {

namespace {

// Reading a wheel's directory costs a request or two: a smaller one is not worth it.
constexpr std::uint64_t worth_measuring = 4'000'000;

bool index_is_dead(const Decided& decided) {
  return std::ranges::any_of(decided.recipe.sources, [&](const catalog::SourceDescription& source) {
    const auto& asked = decided.catalog.sources;
    const auto status = std::ranges::find(asked, source.id, &catalog::SourceStatus::id);
    return source.kind == catalog::SourceKind::simple_index && status != asked.end() && !status->reachable;
  });
}

}  // namespace

void Doubts::warning(const Text& line) noexcept {
  const std::lock_guard lock(mutex_);
  lines_.push_back(line);
}

std::vector<Text> Doubts::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(lines_, {});
}

DependencyForecast::DependencyForecast(const probe::Environment& environment, const Settings& settings,
                                       system::World& world, system::HttpClient* http,
                                       const fetch::Store& store, Reporter& report)
    : environment_(environment),
      world_(world),
      http_(http),
      store_(store),
      report_(report),
      premises_(premises_of(environment)),
      supply_(environment, settings, world, http, store, IndexSupply::Unread::pass_over, doubts_) {}

// What is known of the package is as good as its METADATA, and costs no request.
std::vector<std::string> DependencyForecast::requirements(const Decided& decided) const {
  const catalog::Candidate& chosen = *decided.decision.chosen->judgement.candidate;
  const bool a_wheel = decided.decision.chosen->kind != resolve::Rung::build && !chosen.conda;
  if (a_wheel) {
    if (auto known = requirements_of(chosen, decided.recipe, store_, nullptr, world_.clock)) return *known;
    if (auto asked = requirements_of(chosen, decided.recipe, store_, http_, world_.clock)) return *asked;
  } else if (const auto* known = decided.recipe.requires_of(chosen.fields.version)) {
    return known->requirements;
  }
  throw Error(ErrorKind::unreachable, text("what it requires is not known here"));
}

std::optional<WheelSize> DependencyForecast::measured_size(const catalog::Candidate& wheel) const {
  try {
    return size_of_wheel(wheel, store_, http_, world_.clock);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::interrupted) throw;
    return std::nullopt;
  }
}

resolve::ForeseenDependency DependencyForecast::foreseen(const install::Companion& companion) const {
  const catalog::Candidate& wheel = supply_.wheel(companion);
  resolve::ForeseenDependency dependency{companion.name, wheel.fields.file.version.to_string(), wheel.name,
                                         wheel.size, std::nullopt};
  const bool measured = !wheel.size || *wheel.size >= worth_measuring;
  if (const auto size = measured ? measured_size(wheel) : std::nullopt) {
    dependency.download_bytes = size->packed;
    // pip compiles it all; bytecode takes about as much as its source.
    const bool compiled = environment_.installer.pip_version.known();
    dependency.disk_bytes = size->unpacked + (compiled ? size->python : 0);
  } else if (wheel.size) {
    dependency.disk_bytes = resolve::usually_unpacked(*wheel.size);
    dependency.disk_estimated = true;
  }
  return dependency;
}

void DependencyForecast::add_to(Decided& decided) {
  const auto& chosen = decided.decision.chosen;
  // The fallback needs torch alone.
  const bool brings = chosen && chosen->kind != resolve::Rung::installed && !chosen->stand_in;
  if (!brings || program_for(decided, environment_, world_)) return;
  const std::string& package = decided.decision.package;
  std::vector<resolve::Unforeseen>& not_foreseen = decided.decision.forecast.not_foreseen;
  try {
    const auto rows = requirements(decided);
    const auto missing = install::judge_dependencies(package, rows, premises_.markers, premises_.installed,
                                                     premises_.never_brought)
                             .missing;
    premises_.installed[package] = chosen->judgement.candidate->fields.version.to_string();
    if (index_is_dead(decided)) {
      for (const std::string& each : missing)
        not_foreseen.push_back({each, text("the index does not answer")});
    } else if (!missing.empty()) {
      add_companions(package, rows, decided.decision.forecast);
    }
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::interrupted) throw;
    not_foreseen.push_back({package, error.sentence()});
  }
}

void DependencyForecast::add_companions(const std::string& package, const std::vector<std::string>& rows,
                                        resolve::Forecast& forecast) {
  const Activity asking(report_, text("Asking what {} brings with it", package));
  const install::Companions companions = install::find_companions(package, rows, premises_, supply_);
  std::vector<resolve::ForeseenDependency> found(companions.found.size());
  at_once(found.size(), [&](std::size_t i) { found[i] = foreseen(companions.found[i]); });
  for (std::size_t i = 0; i < found.size(); ++i) {
    const catalog::Candidate& wheel = supply_.wheel(companions.found[i]);
    still_to_fetch_ += fetch::still_to_fetch(store_, artifact_of(wheel)).value_or(0);
    premises_.installed[found[i].name] = found[i].version;
    forecast.dependencies.push_back(std::move(found[i]));
  }
  for (const install::Lacking& lacking : companions.lacking)
    forecast.not_foreseen.push_back({lacking.requirement, lacking.reason});
  for (Text& doubt : doubts_.take()) forecast.not_foreseen.push_back({package, std::move(doubt)});
}

}  // namespace wheelfit::commands
