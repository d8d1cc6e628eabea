// SPDX-License-Identifier: Apache-2.0
#include "render/doctor.hpp"
#include "base/error.hpp"
#include "commands/environment_step.hpp"
#include "commands/later_note.hpp"
#include "commands/places.hpp"
#include "commands/verbs.hpp"
#include "diagnose/ask_network.hpp"
#include "diagnose/judge.hpp"
#include "diagnose/look_around.hpp"
#include "diagnose/other_proxies.hpp"
#include "resolve/environment_reasons.hpp"

#include <nlohmann/json.hpp>

namespace wheelfit::commands {
namespace {

// Short, and once: the whole must end soon even where everything hangs.
constexpr std::chrono::milliseconds patience{3000};

system::HttpSettings hurried(system::HttpSettings settings) {
  settings.connect_timeout = std::min(settings.connect_timeout, patience);
  settings.first_byte_timeout = std::min(settings.first_byte_timeout, patience);
  settings.retry.attempts = 1;
  return settings;
}

system::HttpSettings unverifying(system::HttpSettings settings) {
  settings.verify_tls = false;
  settings.netrc = "/dev/null";
  settings.client_certificate.reset();
  return settings;
}

bool names_an_index(const catalog::IndexSettings& indexes) {
  return !indexes.index_url.empty() || !indexes.extra_index_urls.empty() || !indexes.find_links.empty();
}

std::vector<diagnose::Sight> look_at_network(const catalog::Recipe& recipe,
                                             const probe::Environment& environment, const Settings& settings,
                                             const catalog::ListingRequest& listings, system::World& world) {
  const auto places = places_to_ask(recipe, listings, settings.network, environment, world.variables);
  const system::HttpSettings http = hurried(http_settings(settings, environment, world));
  auto sights = diagnose::ask_network(places, *world.connect(http), *world.connect(unverifying(http)));
  try_other_proxies(sights, diagnose::find_other_proxies(world.variables, world.root),
                    [&](const Fact<std::string>& proxy) {
                      system::HttpSettings other = http;
                      other.proxy = proxy;
                      return world.connect(other);
                    });
  return sights;
}

void take(std::vector<diagnose::Finding>& all, std::vector<diagnose::Finding> more) {
  std::move(more.begin(), more.end(), std::back_inserter(all));
}

diagnose::Finding left_for_later(const probe::Environment& environment) {
  const auto& python = environment.interpreter.executable;
  return {diagnose::Section::environment,
          diagnose::Severity::note,
          "left-for-later",
          text("`install --later` left something here that was not finished yet"),
          {text("wheelfit install --finish --python {}", python ? python->string() : "python3")}};
}

ExitCode exit_code_of(diagnose::Verdict verdict) {
  if (verdict == diagnose::Verdict::sound) return ExitCode::done;
  return verdict == diagnose::Verdict::warnings ? ExitCode::unproven : ExitCode::refused;
}

}  // namespace

ExitCode doctor(const Settings& settings, system::World& world, Console& console) {
  const catalog::Knowledge knowledge = catalog::load_knowledge(settings.sources.data_directory);
  const catalog::Recipe* recipe = knowledge.find(default_package(settings));
  if (recipe == nullptr) throw Error(ErrorKind::internal, text("the default package has no recipe"));
  const probe::Environment environment = read_environment(settings, world);
  diagnose::Diagnosis diagnosis;
  diagnosis.surroundings = diagnose::look_around(environment, store_directory(settings, world));
  const catalog::ListingRequest listings = listing_request(settings, environment, world);
  if (!settings.network.offline)
    diagnosis.network = look_at_network(*recipe, environment, settings, listings, world);
  // Beyond this point nothing is asked any more.
  take(diagnosis.findings, diagnose::judge_environment(
                               environment, resolve::environment_reasons(environment, *recipe, knowledge)));
  take(diagnosis.findings, diagnose::judge_surroundings(environment, diagnosis.surroundings));
  if (diagnosis.network) take(diagnosis.findings, diagnose::judge_network(*diagnosis.network, recipe->name));
  if (!names_an_index(listings.indexes)) diagnosis.findings.push_back(diagnose::no_index_known());
  if (const auto note = later_note_path(environment); note && std::filesystem::exists(*note))
    diagnosis.findings.push_back(left_for_later(environment));
  diagnose::sort_by_severity(diagnosis.findings);
  const render::DoctorView view{environment, diagnosis};
  console.show([&] { return render::doctor_text(view, console.style); },
               [&] { return render::doctor_json(view); });
  return exit_code_of(diagnosis.verdict());
}

}  // namespace wheelfit::commands
