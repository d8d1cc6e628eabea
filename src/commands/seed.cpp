// SPDX-License-Identifier: Apache-2.0
// A wheel where the user's own pip finds it: environment → decision → link → would pip use it? → wheel →
// place.
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "commands/downloads.hpp"
#include "commands/environment_step.hpp"
#include "commands/place.hpp"
#include "commands/proof_step.hpp"
#include "commands/room_step.hpp"
#include "commands/seed.hpp"
#include "commands/seed_errand.hpp"
#include "commands/seed_links.hpp"
#include "commands/seed_use.hpp"
#include "commands/verbs.hpp"
#include "pipcache/place.hpp"
#include "render/seed.hpp"
#include "system/url.hpp"

namespace wheelfit::commands {

namespace {

void add_places(const SeedLinks& links, const Fact<std::filesystem::path>& cache, render::SeedView& view) {
  if (!cache) return;
  for (const SeedLink& link : links.links)
    for (const std::filesystem::path& directory : link.directories)
      view.places.push_back({(*cache / directory).lexically_normal(), link.shown, {}});
}

// seed --link URL --dry-run: the directories alone.
ExitCode show_directories(const SeedErrand& errand, const SeedRequest& request,
                          const probe::Environment& environment, const system::World& world,
                          Console& console) {
  const TargetPip pip = target_pip(environment);
  render::SeedView view{.environment = environment, .outcome = render::SeedOutcome::dry_run};
  const Fact<std::filesystem::path> cache = pip_cache(request, environment, world);
  if (!cache) require_cache(cache);
  add_places(given_link(*errand.link, pip), cache, view);
  console.show([&] { return render::seed_link_text(view, console.style); },
               [&] { return render::seed_json(view); });
  return ExitCode::done;
}

// What is known before anything is fetched.
void describe(const Decided& decided, const python::Version& version, render::SeedView& view) {
  const resolve::Judgement& judgement = decided.decision.judgements.front();
  view.distribution = decided.decision.package;
  view.version = version.to_string();
  view.made_from = judgement.candidate->name;
  view.source = judgement.candidate->source;
  view.wheel = pipcache::relabelled_name(judgement.candidate->name, version);
  view.proven = judgement.proof == resolve::Proof::symbols;
}

std::vector<std::string> using_commands(const SeedErrand& errand, const SeedLinks& links,
                                        const render::SeedView& view) {
  const auto& executable = view.environment.interpreter.executable;
  const std::string pip = (executable ? executable->string() + " -m " : "") + "pip install ";
  if (errand.form != pipcache::RequestForm::name)
    return {pip + "'" + view.distribution + " @ " + shown_link(*errand.link) + "'"};
  std::vector<std::string> commands{pip + view.distribution + "==" + view.version};
  if (links.unpinned) commands.push_back(pip + view.distribution);
  return commands;
}

pipcache::Seed entry_for(const PreparedWheel& wheel, const render::SeedView& view, const TargetPip& pip,
                         system::Clock& clock) {
  const catalog::Candidate& candidate = *wheel.obtained.judgement.candidate;
  pipcache::Seed seed;
  seed.distribution = view.distribution;
  seed.version = view.version;
  seed.file_name = wheel.relabelled.file_name;
  seed.sha256 = wheel.sha256;
  seed.size = wheel.size;
  seed.made_from = candidate.name;
  seed.source = candidate.source;
  seed.url = candidate.source == "file" ? "" : system::redacted(candidate.url);
  seed.rewritten = wheel.relabelled.rewritten;
  seed.python = pip.interpreter.name + pip.interpreter.version;
  seed.pip = pip.version.to_string();
  if (const auto& torch = view.environment.torch.version) seed.torch = torch->to_string();
  if (const auto& cuda = view.environment.torch.cuda) seed.torch_cuda = cuda->to_string();
  seed.seeded_at = timestamp(clock);
  return seed;
}

void put(const PreparedWheel& wheel, const SeedLinks& links, const std::filesystem::path& cache,
         const TargetPip& pip, bool reads_origin, const fetch::Store& store, system::World& world,
         render::SeedView& view) {
  const pipcache::Ledger ledger(store.directory);
  const system::FileLock lock = ledger.lock();
  pipcache::recover(ledger);
  pipcache::PlaceRequest request;
  request.wheel = wheel.file;
  request.sharing = wheel.in_store ? pipcache::Sharing::linked : pipcache::Sharing::copied;
  request.target = probe::tag_target(view.environment);
  request.seed = entry_for(wheel, view, pip, world.clock);
  std::size_t at = 0;
  for (const SeedLink& link : links.links) {
    for (const std::filesystem::path& directory : link.directories) {
      request.seed.directory = (cache / directory).lexically_normal();
      request.seed.link = link.shown;
      request.seed.origin = reads_origin ? origin_of(link.held) : "";
      for (const pipcache::Replaced& replaced : pipcache::place(request, ledger).replaced)
        view.places[at].replaced.push_back(replaced.file_name);
      ++at;
    }
  }
}

// The links that lead to it, and what this pip's habits make of them.
struct Prospect {
  python::Version version;
  TargetPip pip;
  SeedLinks links;
  Fact<std::filesystem::path> cache;
  SeedUse use;
};

ExitCode show(const render::SeedView& view, const Console& console) {
  console.show([&] { return render::seed_text(view, console.style); },
               [&] { return render::seed_json(view); });
  return view.will_be_used && view.proven ? ExitCode::done : ExitCode::unproven;
}

ExitCode show_unused(const std::string& package, std::vector<render::SeedReason> reasons,
                     const probe::Environment& environment, const Console& console) {
  render::SeedView view{.environment = environment, .outcome = render::SeedOutcome::not_used};
  view.distribution = package;
  view.will_be_used = false;
  view.reasons = std::move(reasons);
  view.cures = {text("wheelfit seed --for uv {}", package), text("wheelfit install {}", package)};
  return show(view, console);
}

// Another version, or another way.
std::vector<Text> ways_round(const SeedLinks& links, const render::SeedView& view) {
  std::vector<Text> ways;
  if (links.links.empty() && !links.newest_source.empty())
    ways.push_back(text("wheelfit seed {}=={}", view.distribution, links.newest_source));
  ways.push_back(text("wheelfit seed --find-links DIR {}", view.distribution));
  return ways;
}

constexpr int most_tried = 3;

class Seeder {
 public:
  Seeder(const SeedErrand& errand, const SeedRequest& request, const probe::Environment& environment,
         const Settings& settings, system::World& world, Console& console)
      : errand_(errand),
        request_(request),
        environment_(environment),
        settings_(settings),
        world_(world),
        console_(console),
        downloads_(settings, world),
        http_(settings.network.offline ? nullptr : connect(settings, environment, world)) {}

  ExitCode run() {
    const catalog::Knowledge knowledge = catalog::load_knowledge(settings_.sources.data_directory);
    Decided decided =
        decide(errand_.subject, environment_, knowledge, settings_, world_, http_.get(), console_.report);
    require_wheel(decided);
    // The next that fits takes the place of a wheel that was chosen by name and that its binary refuses.
    for (int tried = 1;; ++tried) {
      try {
        return place(decided);
      } catch (const ProofRefusal& refusal) {
        if (decided.by_hand || tried == most_tried) throw;
        decide_again(decided, *tried_, refusal.proof(), environment_, knowledge, settings_, world_,
                     http_.get(), console_.report);
        if (!decided.decision.chosen) throw;
        console_.report.warning(text("{}; the next that fits is taken", refusal.sentence().english()));
      }
    }
  }

 private:
  PreparedWheel prepare(const Decided& decided, const python::Version& version) {
    require_room_for_seed(request_, decided, environment_, downloads_.store, world_);
    const Obtained obtained =
        obtain(decided, environment_, downloads_.store, settings_, world_, http_.get(), console_.report);
    tried_ = *obtained.judgement.candidate;
    return prepare_wheel(obtained, decided, version, environment_, downloads_.store, world_, console_.report);
  }

  Prospect look(const Decided& decided, render::SeedView& view) {
    const std::string& package = decided.decision.package;
    Prospect prospect{seeded_version(decided), target_pip(environment_), {}, {}, {}};
    prospect.links = errand_.link ? given_link(*errand_.link, prospect.pip)
                                  : index_links(package, prospect.version, prospect.pip, environment_,
                                                settings_, world_, http_.get(), console_.report);
    prospect.cache = pip_cache(request_, environment_, world_);
    prospect.use = use_of(package, errand_.form, prospect.cache, environment_);
    describe(decided, prospect.version, view);
    add_places(prospect.links, prospect.cache, view);
    view.reasons = prospect.use.reasons;
    view.reasons.insert(view.reasons.end(), prospect.links.obstacles.begin(), prospect.links.obstacles.end());
    view.notes = prospect.links.notes;
    view.will_be_used = view.reasons.empty();
    view.commands = using_commands(errand_, prospect.links, view);
    return prospect;
  }

  ExitCode place(const Decided& decided) {
    if (request_.find_links || request_.for_uv) {
      const Prepare prepared = [&](const python::Version& version) { return prepare(decided, version); };
      return seed_find_links(request_, decided, prepared, settings_, world_, console_);
    }
    render::SeedView view{.environment = environment_};
    const Prospect prospect = look(decided, view);
    if (!view.will_be_used) {
      view.outcome = render::SeedOutcome::not_used;
      view.cures = ways_round(prospect.links, view);
      return show(view, console_);
    }
    if (settings_.dry_run) {
      view.outcome = render::SeedOutcome::dry_run;
      return show(view, console_);
    }
    const PreparedWheel wheel = prepare(decided, prospect.version);
    // Beyond this point pip is known to use it, and its cache may be changed.
    view.made_from = wheel.obtained.artifact.file_name;
    view.wheel = wheel.relabelled.file_name;
    view.rewritten = wheel.relabelled.rewritten;
    view.proven = wheel.proven;
    view.has_code = wheel.has_code;
    put(wheel, prospect.links, *prospect.cache, prospect.pip, prospect.use.reads_origin, downloads_.store,
        world_, view);
    if (!settings_.store.keep)
      view.notes.push_back(
          {"no-ledger", text("--no-store keeps no note of it: seed --undo cannot take it out again")});
    return show(view, console_);
  }

  const SeedErrand& errand_;
  const SeedRequest& request_;
  const probe::Environment& environment_;
  const Settings& settings_;
  system::World& world_;
  Console& console_;
  const Downloads downloads_;
  std::unique_ptr<system::HttpClient> http_;
  std::optional<catalog::Candidate> tried_;  // the wheel that was obtained last
};

}  // namespace

ExitCode seed(const SeedRequest& request, const Settings& settings, system::World& world, Console& console) {
  switch (request.action) {
    case SeedAction::list:
      return seed_list(settings, world, console);
    case SeedAction::undo:
      return seed_undo(request, settings, world, console);
    case SeedAction::audit:
      return seed_audit(request, settings, world, console);
    case SeedAction::place:
      break;
  }
  const SeedErrand errand = parse_errand(request, default_package(settings), world.current_directory);
  const probe::Environment environment = read_environment(settings, world);
  if (errand.link && !errand.named && settings.dry_run)
    return show_directories(errand, request, environment, world, console);
  if (!request.find_links && !request.for_uv) {
    auto reasons = no_pip(environment);
    if (!reasons.empty())
      return show_unused(package_of(errand.subject), std::move(reasons), environment, console);
  }
  return Seeder(errand, request, environment, settings, world, console).run();
}

}  // namespace wheelfit::commands
