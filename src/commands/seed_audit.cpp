// SPDX-License-Identifier: Apache-2.0
// seed --audit: cached wheels that were built for another torch, CUDA or Python than the environment's.
#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "base/activity.hpp"
#include "base/error.hpp"
#include "commands/environment_step.hpp"
#include "commands/examine.hpp"
#include "commands/seed.hpp"
#include "pipcache/inventory.hpp"
#include "pipcache/place.hpp"
#include "render/seed.hpp"
#include "resolve/evidence.hpp"
#include "system/percent.hpp"

namespace wheelfit::commands {

namespace {

// What says that a wheel was built for something else; that a library of the system is missing does not.
bool is_about_the_build(const Reason& reason) {
  constexpr std::array codes{
      ReasonCode::torch_missing,  ReasonCode::torch_build, ReasonCode::torch_minor,
      ReasonCode::cuda_major,     ReasonCode::cuda_minor,  ReasonCode::cxx11_abi,
      ReasonCode::missing_symbol, ReasonCode::python_tag,  ReasonCode::requires_python};
  if (std::find(codes.begin(), codes.end(), reason.code) != codes.end()) return true;
  if (reason.code != ReasonCode::missing_library) return false;
  const std::string sentence = reason.text.english();
  constexpr std::array libraries{"libtorch", "libc10", "libcu", "libnv", "libpython", "libamdhip"};
  return std::any_of(libraries.begin(), libraries.end(),
                     [&](const char* library) { return sentence.find(library) != std::string::npos; });
}

// A seeded wheel is called by its plain version; what it was made from says more.
std::string telling_name(const pipcache::CachedWheel& wheel, const std::vector<pipcache::Seed>& seeds) {
  for (const pipcache::Seed& seed : seeds) {
    const bool is_this = seed.directory / seed.file_name == wheel.file;
    if (is_this && pipcache::state_of(seed) == pipcache::SeedState::in_place) return seed.made_from;
  }
  return wheel.file.filename().string();
}

// By its name, and by what its binary says where it has one.
resolve::Judgement judged(const pipcache::CachedWheel& wheel, const std::string& name,
                          const probe::Environment& environment, const catalog::Knowledge& knowledge,
                          const Settings& settings, system::World& world, Reporter& report) {
  const RemoteWheel subject{system::file_address(wheel.file), name, std::nullopt};
  const Decided decided =
      decide(subject, environment, knowledge, settings, world, nullptr, report, DecideBy::name);
  resolve::Judgement judgement = decided.decision.judgements.front();
  const bool pure = std::all_of(wheel.name.platform_tags.begin(), wheel.name.platform_tags.end(),
                                [](const std::string& tag) { return tag == "any"; });
  const bool for_this_python =
      std::none_of(judgement.reasons.begin(), judgement.reasons.end(),
                   [](const Reason& reason) { return reason.code == ReasonCode::python_tag; });
  if (pure || !for_this_python || environment.described_only()) return judgement;
  try {
    const proof::WheelProof proof = Examiner(environment, world, nullptr).wheel(wheel.file, {}).proof;
    resolve::weigh(judgement, proof);
    if (proof.verdict == proof::Verdict::refused) judgement.proof = resolve::Proof::symbols;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::refused) throw;
    report.note(text("{} cannot be read: {}", wheel.file.string(), error.sentence().english()));
  }
  return judgement;
}

// What wheelfit had put there is forgotten, too.
void remove_all(std::vector<render::AuditRow>& rows, const pipcache::Ledger& ledger) {
  const system::FileLock lock = ledger.lock();
  pipcache::recover(ledger);
  for (render::AuditRow& row : rows) {
    pipcache::remove_cached(row.file);
    row.evicted = true;
    const auto seed = ledger.find(row.file.parent_path());
    if (seed && seed->directory / seed->file_name == row.file) ledger.remove(*seed);
  }
}

}  // namespace

ExitCode seed_audit(const SeedRequest& request, const Settings& settings, system::World& world,
                    Console& console) {
  const catalog::Knowledge knowledge = catalog::load_knowledge(settings.sources.data_directory);
  const probe::Environment environment = read_environment(settings, world);
  const Fact<std::filesystem::path> cache = pip_cache(request, environment, world);
  if (!cache) {
    throw Error(ErrorKind::refused,
                cache.source.empty() ? text("where pip keeps its cache is not known") : Text(cache.source),
                {text("name it with --pip-cache-dir")})
        .with_code("no-cache");
  }
  const std::vector<pipcache::Seed> seeds = pipcache::Ledger(store_directory(settings, world)).read();
  const std::vector<pipcache::CachedWheel> wheels = pipcache::inventory(*cache);
  render::AuditView view{environment, *cache, wheels.size(), {}};
  {
    const Activity reading(console.report, text("Reading pip's cache"), wheels.size());
    for (std::size_t i = 0; i < wheels.size(); ++i) {
      const resolve::Judgement judgement = judged(wheels[i], telling_name(wheels[i], seeds), environment,
                                                  knowledge, settings, world, console.report);
      render::AuditRow row{wheels[i].file, wheels[i].size, {}, judgement.proof, false};
      std::copy_if(judgement.reasons.begin(), judgement.reasons.end(), std::back_inserter(row.reasons),
                   is_about_the_build);
      if (judgement.verdict == resolve::Verdict::refused && !row.reasons.empty())
        view.rows.push_back(std::move(row));
      console.report.progressed(i + 1);
    }
  }
  const bool evict = request.evict && !settings.dry_run;
  if (evict) remove_all(view.rows, pipcache::Ledger(store_directory(settings, world)));
  console.show([&] { return render::seed_audit_text(view, console.style); },
               [&] { return render::seed_audit_json(view); });
  return view.rows.empty() || evict ? ExitCode::done : ExitCode::unproven;
}

}  // namespace wheelfit::commands
