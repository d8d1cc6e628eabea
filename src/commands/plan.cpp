// SPDX-License-Identifier: Apache-2.0
#include "render/plan.hpp"
#include "commands/decide.hpp"
#include "commands/dependencies_step.hpp"
#include "commands/dependency_forecast.hpp"
#include "commands/environment_step.hpp"
#include "commands/flags.hpp"
#include "commands/room_step.hpp"
#include "commands/verbs.hpp"

#include <algorithm>
#include <iterator>

#include <nlohmann/json.hpp>

namespace wheelfit::commands {

namespace {

ExitCode exit_code_of(const resolve::Decision& decision) {
  if (!decision.chosen) return ExitCode::refused;
  if (decision.chosen->kind == resolve::Rung::installed) return ExitCode::done;
  return decision.chosen->proof == resolve::Proof::symbols ? ExitCode::done : ExitCode::unproven;
}

}  // namespace

ExitCode plan(const std::string& subject, const Settings& settings, system::World& world, Console& console) {
  const catalog::Knowledge knowledge = catalog::load_knowledge(settings.sources.data_directory);
  const Subject wanted = parse_subject(subject, world.current_directory);
  const probe::Environment environment = read_environment(settings, world);
  const auto http = settings.network.offline ? nullptr : connect(settings, environment, world);
  // Beyond this point nothing about the machine is asked again.
  Decided decided = decide(wanted, environment, knowledge, settings, world, http.get(), console.report);
  const fetch::Store store{store_directory(settings, world)};
  // What is installed where a target is only described is not known.
  if (!environment.described_only())
    DependencyForecast(environment, settings, world, http.get(), store, console.report).add_to(decided);
  std::vector<system::Need> needs = needs_of(decided, Fate::unpacked, environment, store, world);
  std::ranges::move(room_for_dependencies(decided.decision.forecast, environment, settings, world),
                    std::back_inserter(needs));
  const render::PlanView view{environment,
                              decided.decision,
                              decided.wishes,
                              decided.catalog.sources,
                              flags_to_repeat(settings, decided),
                              system::shortages(system::needs_here(std::move(needs)))};
  console.show([&] { return render::plan_text(view, console.style); },
               [&] { return render::plan_json(view); });
  return exit_code_of(decided.decision);
}

}  // namespace wheelfit::commands
