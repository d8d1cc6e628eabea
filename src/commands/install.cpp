// SPDX-License-Identifier: Apache-2.0
// The main job on one screen: environment → knowledge → decision → wheel → place → proof.
#include <algorithm>
#include <iterator>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "commands/build_wheel.hpp"
#include "commands/conda_install.hpp"
#include "commands/decide.hpp"
#include "commands/dependencies_step.hpp"
#include "commands/dependency_forecast.hpp"
#include "commands/downloads.hpp"
#include "commands/environment_step.hpp"
#include "commands/fallback_wheel.hpp"
#include "commands/install_bundle.hpp"
#include "commands/obtain.hpp"
#include "commands/place.hpp"
#include "commands/requirements_file.hpp"
#include "commands/room_step.hpp"
#include "commands/verbs.hpp"
#include "render/outcome.hpp"

namespace wheelfit::commands {

namespace {

ExitCode show_dry_run(const std::vector<Decided>& decisions, const probe::Environment& environment,
                      const system::World& world, Console& console) {
  std::vector<Placed> planned;
  for (const Decided& decided : decisions) {
    if (const auto program = program_for(decided, environment, world))
      console.report.note(text("it would be done by: {}", conda_line(*program, decided, environment)));
    planned.push_back(planned_only(decided, environment));
    for (const resolve::ForeseenDependency& dependency : decided.decision.forecast.dependencies)
      planned.back().dependencies.push_back(dependency.wheel);
  }
  return show(planned, console);
}

std::vector<system::Need> room_for_missing(std::vector<Decided>& decisions, DependencyForecast forecast,
                                           const probe::Environment& environment, const Settings& settings,
                                           const system::World& world, Reporter& report) {
  std::vector<system::Need> needs;
  for (Decided& decided : decisions) {
    forecast.add_to(decided);
    for (const resolve::Unforeseen& unknown : decided.decision.forecast.not_foreseen)
      report.detail(text("not counted: {}: {}", unknown.what, unknown.reason.english()));
    std::ranges::move(room_for_dependencies(decided.decision.forecast, environment, settings, world),
                      std::back_inserter(needs));
  }
  return needs;
}

// Downloads for one subject: each that its binary refuses costs a whole wheel.
constexpr int most_tried = 3;

bool already_there(const Decided& decided) {
  return decided.decision.chosen && decided.decision.chosen->kind == resolve::Rung::installed;
}

// Where the chosen wheel cannot be had, the fallback is taken if the caller permits one. Without a value: it
// is there already.
std::optional<Obtained> obtain_or_make(Decided& decided, const probe::Environment& environment,
                                       const catalog::Knowledge& knowledge, const fetch::Store& store,
                                       const Settings& settings, system::World& world,
                                       system::HttpClient* http, Reporter& report) {
  if (!makes_fallback(decided)) {
    try {
      if (takes_conda(decided) && !decided.by_hand)
        return obtain_package(decided, environment, knowledge, store, settings, world, http, report);
      if (takes_build(decided))
        return build_for(decided, environment, knowledge, store, settings, world, http, report);
      return obtain(decided, environment, store, settings, world, http, report);
    } catch (const Error& error) {
      const bool may_fall = error.kind() == ErrorKind::unreachable || takes_build(decided);
      if (!may_fall || !take_fallback(decided, environment, knowledge)) throw;
      report.warning(text("{}; the fallback is taken", error.sentence().english()));
    }
  }
  if (already_there(decided)) return std::nullopt;
  return make_fallback_wheel(decided, knowledge, store, report);
}

// The next that fits takes the place of a wheel that was chosen by name and that its binary refuses.
Placed place_best(Decided& decided, Placer& placer, const probe::Environment& environment,
                  const catalog::Knowledge& knowledge, const fetch::Store& store, const Settings& settings,
                  system::World& world, system::HttpClient* http, Reporter& report) {
  for (int tried = 1;; ++tried) {
    if (const auto program = program_for(decided, environment, world))
      return install_through(*program, decided, environment, knowledge, settings, world, report);
    const std::optional<Obtained> wheel =
        obtain_or_make(decided, environment, knowledge, store, settings, world, http, report);
    if (!wheel) return placer.what_is_there(decided);
    // Beyond this point wheelfit itself uses the network no more for this wheel.
    try {
      return placer.place(decided, *wheel);
    } catch (const ProofRefusal& refusal) {
      if (decided.by_hand || tried == most_tried) throw;
      decide_again(decided, *wheel->judgement.candidate, refusal.proof(), environment, knowledge, settings,
                   world, http, report);
      if (!decided.decision.chosen) throw;
      report.warning(text("{}; the next that fits is taken", refusal.sentence().english()));
    }
  }
}

}  // namespace

ExitCode install(const std::vector<std::string>& named,
                 const std::optional<std::filesystem::path>& requirements_file, const Settings& settings,
                 system::World& world, Console& console) {
  const catalog::Knowledge knowledge = catalog::load_knowledge(settings.sources.data_directory);
  std::vector<std::string> subjects = named;
  if (requirements_file) add_requirements(*requirements_file, knowledge, subjects, world, console.report);
  if (const auto file = bundle_among(subjects, world.current_directory))
    return install_bundle(*file, settings, world, console);
  const probe::Environment environment = read_environment(settings, world, TargetMeans::machine);
  const auto http = settings.network.offline ? nullptr : connect(settings, environment, world);
  // Beyond this point nothing about the machine is asked again.
  std::vector<Decided> decisions;
  for (const std::string& subject : subjects) {
    decisions.push_back(decide(parse_subject(subject, world.current_directory), environment, knowledge,
                               settings, world, http.get(), console.report));
    require_choice(decisions.back());
  }
  const Downloads downloads(settings, world);
  require_room_for(decisions, Fate::unpacked, environment, downloads.store, world,
                   room_for_missing(decisions,
                                    DependencyForecast(environment, settings, world, http.get(),
                                                       downloads.store, console.report),
                                    environment, settings, world, console.report));
  if (settings.dry_run) return show_dry_run(decisions, environment, world, console);
  const install::Destination destination = writable_destination(environment, settings, console.report);
  // Beyond this point everything that was asked for is known to fit and to find room, and the environment may
  // be changed.
  Placer placer{environment, destination, knowledge, settings, world, console.report};
  std::vector<Placed> placed;
  for (Decided& decided : decisions) {
    placed.push_back(already_there(decided)
                         ? placer.what_is_there(decided)
                         : place_best(decided, placer, environment, knowledge, downloads.store, settings,
                                      world, http.get(), console.report));
  }
  return show(placed, console);
}

}  // namespace wheelfit::commands
