// SPDX-License-Identifier: Apache-2.0
// On a connected machine: everything that another one needs, in one file.
#include "bundle/bundle_file.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "commands/decide.hpp"
#include "commands/dependency_forecast.hpp"
#include "commands/downloads.hpp"
#include "commands/environment_step.hpp"
#include "commands/fallback_wheel.hpp"
#include "commands/obtain.hpp"
#include "commands/pack.hpp"
#include "commands/requirements_file.hpp"
#include "commands/room_step.hpp"
#include "commands/verbs.hpp"
#include "render/bundle.hpp"
#include "system/sha256.hpp"

namespace wheelfit::commands {

namespace {

// Markers are evaluated, and wheels installed, as on Linux.
void require_linux(const probe::Environment& environment) {
  const auto& platform = environment.interpreter.platform;
  if (!platform || platform->starts_with("linux_")) return;
  throw Error(ErrorKind::usage, text("bundles are made for Linux, and {} is not", *platform),
              {text("`wheelfit plan` and `wheelfit fetch` take any target")});
}

std::filesystem::path place_of(const bundle::Manifest& manifest,
                               const std::optional<std::filesystem::path>& output,
                               const system::World& world) {
  if (output) return (world.current_directory / *output).lexically_normal();
  const bundle::PackedPackage& first = manifest.packages.front();
  return world.current_directory / (first.name + "-" + first.version + ".bundle");
}

// The bundle itself, and what it takes of dependencies in the store.
std::vector<system::Need> room_for_bundle(std::vector<Decided>& decisions, DependencyForecast forecast,
                                          const std::optional<std::filesystem::path>& output,
                                          const fetch::Store& store, const system::World& world) {
  std::uint64_t bytes = 0;
  for (Decided& decided : decisions) {
    if (makes_fallback(decided)) continue;
    bytes += decided.decision.judgements.front().candidate->size.value_or(0);
    forecast.add_to(decided);
    for (const resolve::ForeseenDependency& dependency : decided.decision.forecast.dependencies)
      bytes += dependency.download_bytes.value_or(0);
  }
  const std::filesystem::path folder =
      output ? (world.current_directory / *output).lexically_normal().parent_path() : world.current_directory;
  return {{"bundle", folder, bytes, text("or write it elsewhere: -o FILE")},
          fetch::room_for(store, forecast.still_to_fetch())};
}

// A wheel that fits there, or the fallback, which is made here, where the caller permits it. What is
// installed is no answer.
void want_file(Decided& decided, const probe::Environment& environment, const catalog::Knowledge& knowledge) {
  if (decided.decision.chosen && decided.decision.chosen->stand_in) decided.installed.reset();
  const bool fallback = decided.decision.chosen && decided.decision.chosen->stand_in &&
                        take_fallback(decided, environment, knowledge) && makes_fallback(decided);
  if (!fallback) require_wheel(decided);
}

bool lacks_something(const bundle::Manifest& manifest) {
  return std::any_of(manifest.packages.begin(), manifest.packages.end(),
                     [](const bundle::PackedPackage& package) { return !package.lacking.empty(); });
}

void show_bundle(const render::BundleView& view, const Console& console) {
  console.show([&] { return render::bundle_text(view, console.style); },
               [&] { return render::bundle_json(view); });
}

}  // namespace

ExitCode bundle(const std::vector<std::string>& named,
                const std::optional<std::filesystem::path>& requirements_file,
                const std::optional<std::filesystem::path>& output, const Settings& settings,
                system::World& world, Console& console) {
  const catalog::Knowledge knowledge = catalog::load_knowledge(settings.sources.data_directory);
  std::vector<std::string> subjects = named;
  if (requirements_file) add_requirements(*requirements_file, knowledge, subjects, world, console.report);
  probe::Environment environment = read_environment(settings, world);
  require_linux(environment);
  use_network_of_this_machine(environment, settings, world);
  const auto http = settings.network.offline ? nullptr : connect(settings, environment, world);
  std::vector<Decided> decisions;
  for (const std::string& subject : subjects) {
    decisions.push_back(decide(parse_subject(subject, world.current_directory), environment, knowledge,
                               settings, world, http.get(), console.report));
    want_file(decisions.back(), environment, knowledge);
  }
  // Beyond this point everything that was asked for is known to fit there, by its name at least.
  const Downloads downloads(settings, world);
  require_room_for(decisions, Fate::examined, environment, downloads.store, world,
                   room_for_bundle(decisions,
                                   DependencyForecast(environment, settings, world, http.get(),
                                                      downloads.store, console.report),
                                   output, downloads.store, world));
  Packer packer(environment, knowledge, settings, downloads.store, world, http.get(), console.report);
  for (Decided& decided : decisions) packer.add(std::move(decided));
  const Packed packed = packer.take();
  const std::filesystem::path file = place_of(packed.manifest, output, world);
  bundle::write_bundle(file, packed.manifest, packed.files);
  show_bundle({file, std::filesystem::file_size(file), system::to_hex(system::sha256_of_file(file)),
               packed.manifest, render::BundleOutcome::written},
              console);
  return lacks_something(packed.manifest) ? ExitCode::unproven : ExitCode::done;
}

ExitCode list_bundle(const std::string& subject, system::World& world, Console& console) {
  const std::filesystem::path file = (world.current_directory / subject).lexically_normal();
  if (!std::filesystem::is_regular_file(file))
    throw Error(ErrorKind::usage, text("there is no file {}", subject));
  const bundle::BundleReader reader(file);
  show_bundle({file, std::filesystem::file_size(file), system::to_hex(system::sha256_of_file(file)),
               reader.manifest(), render::BundleOutcome::listed},
              console);
  return ExitCode::done;
}

}  // namespace wheelfit::commands
