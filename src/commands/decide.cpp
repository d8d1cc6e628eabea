// SPDX-License-Identifier: Apache-2.0
#include "commands/decide.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "commands/build_forecast.hpp"
#include "commands/downloads.hpp"
#include "commands/environment_step.hpp"
#include "commands/examine.hpp"
#include "commands/no_network.hpp"
#include "commands/obtain.hpp"
#include "commands/settle.hpp"
#include "commands/suggestions.hpp"
#include "conda/unpacked_package.hpp"
#include "python/package_name.hpp"
#include "system/percent.hpp"
#include "system/sha256.hpp"

namespace wheelfit::commands {

namespace {

const catalog::Recipe& known_recipe(const catalog::Knowledge& knowledge, const std::string& package) {
  if (const catalog::Recipe* recipe = knowledge.find(package)) return *recipe;
  std::vector<std::string> names;
  for (const catalog::Recipe& recipe : knowledge.recipes) names.push_back(recipe.name);
  std::vector<Text> cures;
  if (const auto near = nearest_name(package, names)) cures.push_back(text("did you mean {}?", *near));
  std::string known;
  for (const std::string& name : names) known += (known.empty() ? "" : ", ") + name;
  cures.push_back(text("known packages: {}; any other wheel can be given as a file or an address", known));
  throw Error(ErrorKind::usage, text("nothing is known about a package named {}", package), std::move(cures));
}

// A distribution that no recipe describes: its name and tags are all there is to judge.
catalog::Recipe recipe_from_name(const catalog::WheelFields& fields) {
  catalog::Recipe recipe;
  recipe.name = python::normalized_name(fields.file.name);
  recipe.needs_torch = fields.torch || fields.cuda || fields.rocm;
  return recipe;
}

catalog::WheelFields fields_of(const std::string& file_name) {
  auto fields = catalog::parse_wheel_fields(file_name);
  if (!fields) {
    throw Error(ErrorKind::refused,
                text("{} is not the name of a wheel: {}", file_name, fields.error().message))
        .with_code("wheel-name");
  }
  return std::move(*fields);
}

// What a decision is made in.
struct Surroundings {
  const probe::Environment& environment;
  const catalog::Knowledge& knowledge;
  const Settings& settings;
  system::World& world;
  system::HttpClient* http;
  Reporter& report;
  DecideBy by = DecideBy::evidence;
  std::optional<fetch::Store> store;  // where wheels may lie; nullopt: wheelfit's own
};

void choose(Decided& decided, const Surroundings& here) {
  const Resolve resolve = [&](const resolve::Evidence& evidence) {
    return resolve::resolve(here.environment, decided.recipe, decided.catalog, here.knowledge, decided.wishes,
                            decided.installed, evidence);
  };
  if (here.by == DecideBy::name) {
    decided.decision = resolve({});
    return;
  }
  const Examiner examiner(here.environment, here.world, here.http);
  const fetch::Store store =
      here.store ? *here.store : fetch::Store{store_directory(here.settings, here.world)};
  decided.decision = settle(resolve, decided.recipe, examiner, here.environment, store, here.settings.network,
                            decided.evidence, here.report);
}

// Whether a wheel calls itself the package's fallback; its content has to bear that out.
bool names_fallback(const catalog::Recipe& recipe, const catalog::WheelFields& fields) {
  const python::TagSet& platforms = fields.file.platform_tags;
  return recipe.is_fallback(fields.file.version_text) && platforms.size() == 1 && platforms.front() == "any";
}

// One wheel that somebody named, before it is judged.
Decided given(const std::string& file_name, std::string url, std::string source,
              std::optional<std::string> sha256, const catalog::Knowledge& knowledge) {
  Decided decided;
  const catalog::WheelFields fields = fields_of(file_name);
  const catalog::Recipe* known = knowledge.find(python::normalized_name(fields.file.name));
  decided.recipe = known != nullptr ? *known : recipe_from_name(fields);
  decided.by_hand = true;
  decided.catalog.package = decided.recipe.name;
  catalog::Candidate candidate =
      catalog::candidate_from_file_name(file_name, std::move(url), std::move(source), known);
  candidate.sha256 = std::move(sha256);
  if (names_fallback(decided.recipe, candidate.fields)) {
    candidate.stand_in = true;
    candidate.fields.version = candidate.fields.file.version;
  }
  decided.catalog.candidates.push_back(std::move(candidate));
  // Who names a file trusts it; what it is called is not up for choice.
  decided.wishes.trust = catalog::Trust::community;
  return decided;
}

// What was given stands on a rung of its own, not on that of wheels.
void put_on(resolve::Rung rung, const Text& given, resolve::Decision& decision) {
  using resolve::Rung;
  const bool taken = decision.chosen && decision.chosen->kind != Rung::installed;
  if (taken) decision.chosen->kind = rung;
  for (resolve::LadderStep& step : decision.ladder) {
    if (step.rung == rung) {
      step = {rung, taken, given, resolve::Standing::considered};
    } else if (step.rung == Rung::wheel || step.rung == Rung::relative) {
      step = {step.rung, false, given, resolve::Standing::idle};
    }
  }
}

// Of a fallback that was given: what the environment lacks for compiled code is no matter.
void put_fallback_on_its_rung(Decided& decided) {
  if (!decided.catalog.candidates.front()->stand_in) return;
  resolve::Decision& decision = decided.decision;
  put_on(resolve::Rung::fallback, text("the fallback was given as a wheel"), decision);
  decision.reasons.clear();
  decision.hints.clear();
  decision.upstream_guess.reset();
  if (!decision.chosen) return;
  decision.chosen->stand_in = true;
  decision.chosen->proof = resolve::Proof::none;
}

Decided decide_by_hand(const std::string& file_name, const std::string& url, const std::string& source,
                       const std::optional<std::string>& sha256, const Surroundings& here) {
  Decided decided = given(file_name, url, source, sha256, here.knowledge);
  choose(decided, here);
  put_fallback_on_its_rung(decided);
  return decided;
}

fetch::FetchedFile package_at(const std::string& file_name, const std::string& url,
                              const std::optional<std::string>& sha256, const fetch::Store& store,
                              const Surroundings& here) {
  catalog::Candidate candidate;
  candidate.name = file_name;
  candidate.url = url;
  candidate.sha256 = sha256;
  return obtain_candidate(candidate, {}, store, here.settings, here.world, here.http, here.report);
}

Decided decide_package(const std::string& file_name, const std::string& url, const std::string& source,
                       const std::optional<std::string>& sha256, const Surroundings& here) {
  const auto downloads = std::make_shared<Downloads>(here.settings, here.world);
  const fetch::FetchedFile file = package_at(file_name, url, sha256, downloads->store, here);
  const CondaPackage package{file.path, file_name, file.sha256};
  const std::filesystem::path wheel =
      wheel_of(package, here.environment, here.knowledge, downloads->store.directory, here.report);
  Decided decided =
      given(wheel.filename().string(), system::file_address(wheel), source, std::nullopt, here.knowledge);
  decided.conda = GivenPackage{package, url, downloads};
  choose(decided, here);
  put_on(resolve::Rung::conda, text("a package of conda's was given"), decided.decision);
  for (resolve::Judgement& judgement : decided.decision.judgements) name_condas_torch(judgement);
  return decided;
}

void say_unreachable(const catalog::Catalog& catalog, std::size_t from, Reporter& report) {
  for (std::size_t at = from; at < catalog.sources.size(); ++at) {
    const catalog::SourceStatus& source = catalog.sources[at];
    if (!source.reachable) report.note(text("{}: {}", source.id, source.remark.english()));
  }
}

// Channels list everything that they hold, so they are asked only where their rung is reached.
bool wants_conda(const Decided& decided) {
  using resolve::Rung;
  const auto& only = decided.wishes.only;
  if (only && *only != Rung::conda) return false;
  if (!decided.decision.reasons.empty()) return false;
  const auto& chosen = decided.decision.chosen;
  const bool above = chosen && !chosen->stand_in && chosen->kind != Rung::build;
  return !above && std::ranges::any_of(decided.recipe.sources, [](const catalog::SourceDescription& source) {
    return source.kind == catalog::SourceKind::conda_channel;
  });
}

Decided decide_by_name(const python::Requirement& requirement, const Surroundings& here) {
  Decided decided;
  const std::string package = python::normalized_name(requirement.name);
  decided.recipe = known_recipe(here.knowledge, package);
  NoNetwork none;
  system::HttpClient& client = here.http != nullptr ? *here.http : none;
  catalog::ListingRequest request = listing_request(here.settings, here.environment, here.world);
  // What is made here is in no listing: nobody need be asked.
  if (here.settings.rungs.only == resolve::Rung::fallback) request.offline = true;
  decided.catalog = catalog::list_candidates(decided.recipe, request, client, here.world.clock, here.report);
  say_unreachable(decided.catalog, 0, here.report);
  const std::size_t before = decided.catalog.sources.size();
  decided.wishes = {requirement.specifiers, here.settings.sources.trust, here.settings.network.offline,
                    here.settings.rungs.fallback, here.settings.rungs.only};
  decided.wishes.build = here.settings.rungs.build;
  decided.wishes.architectures_named = !here.settings.build.capabilities.empty();
  decided.installed = installed_state(here.environment, package);
  if (decided.installed) {
    const auto version = python::Version::parse(decided.installed->version);
    if (!version || !requirement.specifiers.admits(*version)) {
      decided.installed->proven = false;
      decided.installed->remark = text("{} was asked for", requirement.specifiers.to_string());
    }
  }
  choose(decided, here);
  if (wants_conda(decided)) {
    catalog::list_conda(decided.catalog, decided.recipe,
                        listing_request(here.settings, here.environment, here.world), client,
                        here.world.clock, here.report);
    say_unreachable(decided.catalog, before, here.report);
    choose(decided, here);
  }
  foresee_build(decided.decision, decided.recipe, here.settings.build, here.environment);
  return decided;
}

}  // namespace

void name_condas_torch(resolve::Judgement& judgement) {
  // Its name says nothing of torch: these are what its symbols say.
  constexpr std::array said_by_symbols{ReasonCode::missing_symbol, ReasonCode::missing_library,
                                       ReasonCode::torch_minor, ReasonCode::cxx11_abi};
  const bool by_symbols = std::ranges::any_of(judgement.reasons, [&](const Reason& reason) {
    return std::ranges::find(said_by_symbols, reason.code) != said_by_symbols.end();
  });
  if (judgement.verdict != resolve::Verdict::refused || !by_symbols) return;
  judgement.reasons.push_back(
      {ReasonCode::torch_build,
       text("was built against conda's pytorch, which is another build than the torch here"),
       {}});
}

std::string package_of(const Subject& subject) {
  if (const auto* requirement = std::get_if<python::Requirement>(&subject)) {
    return python::normalized_name(requirement->name);
  }
  const auto* local = std::get_if<LocalWheel>(&subject);
  const std::string file_name =
      local != nullptr ? local->path.filename().string() : std::get<RemoteWheel>(subject).file_name;
  if (const auto package = conda::parse_package_name(file_name))
    return python::normalized_name(package->name);
  return python::normalized_name(fields_of(file_name).file.name);
}

Decided decide(const Subject& subject, const probe::Environment& environment,
               const catalog::Knowledge& knowledge, const Settings& settings, system::World& world,
               system::HttpClient* http, Reporter& report, DecideBy by) {
  const Surroundings here{environment, knowledge, settings, world, http, report, by, {}};
  if (const auto* local = std::get_if<LocalWheel>(&subject)) {
    const std::string name = local->path.filename().string();
    const auto decide_file = conda::is_package_name(name) ? decide_package : decide_by_hand;
    return decide_file(name, system::file_address(local->path), "file", std::nullopt, here);
  }
  if (const auto* remote = std::get_if<RemoteWheel>(&subject)) {
    const auto decide_remote = conda::is_package_name(remote->file_name) ? decide_package : decide_by_hand;
    return decide_remote(remote->file_name, remote->url, "url", remote->sha256, here);
  }
  return decide_by_name(std::get<python::Requirement>(subject), here);
}

void decide_again(Decided& decided, const catalog::Candidate& refused, const proof::WheelProof& proof,
                  const probe::Environment& environment, const catalog::Knowledge& knowledge,
                  const Settings& settings, system::World& world, system::HttpClient* http,
                  Reporter& report) {
  decided.evidence[resolve::evidence_key(refused)] = proof;
  choose(decided, {environment, knowledge, settings, world, http, report, DecideBy::evidence, {}});
}

bool take_fallback(Decided& decided, const probe::Environment& environment,
                   const catalog::Knowledge& knowledge) {
  if (decided.by_hand || decided.wishes.only || decided.wishes.fallback.empty()) return false;
  resolve::Wishes wishes = decided.wishes;
  wishes.only = resolve::Rung::fallback;
  resolve::Decision decision = resolve::resolve(environment, decided.recipe, decided.catalog, knowledge,
                                                wishes, decided.installed, decided.evidence);
  if (!decision.chosen) return false;
  decided.decision = std::move(decision);
  return true;
}

Decided decide_packed(const PackedWheel& wheel, bool by_hand, const fetch::Store& store,
                      const probe::Environment& environment, const catalog::Knowledge& knowledge,
                      const Settings& settings, system::World& world, Reporter& report) {
  const Surroundings here{environment, knowledge, settings,           world,
                          nullptr,     report,    DecideBy::evidence, store};
  Decided decided = given(wheel.file_name, wheel.url, wheel.source, wheel.sha256, knowledge);
  decided.by_hand = by_hand;
  catalog::Candidate& candidate = decided.catalog.candidates.front().edit();
  candidate.size = wheel.size;
  auto& installed = decided.installed;
  if (!by_hand) installed = installed_state(environment, decided.recipe.name);
  if (installed && installed->version != candidate.fields.file.version_text &&
      installed->version != candidate.fields.version.to_string())
    installed.reset();
  choose(decided, here);
  put_fallback_on_its_rung(decided);
  return decided;
}

}  // namespace wheelfit::commands
