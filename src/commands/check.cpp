// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/activity.hpp"
#include "base/error.hpp"
#include "catalog/link.hpp"
#include "commands/decide.hpp"
#include "commands/environment_step.hpp"
#include "commands/examine.hpp"
#include "commands/obtain.hpp"
#include "commands/verbs.hpp"
#include "render/check.hpp"

namespace wheelfit::commands {

namespace {

ExitCode exit_code_of(resolve::Verdict verdict) {
  switch (verdict) {
    case resolve::Verdict::fits:
      return ExitCode::done;
    case resolve::Verdict::unproven:
      return ExitCode::unproven;
    case resolve::Verdict::refused:
      return ExitCode::refused;
  }
  return ExitCode::internal;
}

// What a shared object says of itself: there is no name to judge.
resolve::Judgement judgement_of_object(const proof::WheelProof& proof) {
  resolve::Judgement judgement;
  judgement.verdict = proof.verdict == proof::Verdict::fits      ? resolve::Verdict::fits
                      : proof.verdict == proof::Verdict::refused ? resolve::Verdict::refused
                                                                 : resolve::Verdict::unproven;
  judgement.reasons = proof.reasons;
  judgement.proof =
      judgement.verdict == resolve::Verdict::fits ? resolve::Proof::symbols : resolve::Proof::none;
  return judgement;
}

// A fit by the name alone is no proof, and `check` says so.
void demand_proof(resolve::Judgement& judgement) {
  if (judgement.verdict != resolve::Verdict::fits || judgement.proof == resolve::Proof::symbols) return;
  judgement.verdict = resolve::Verdict::unproven;
  judgement.reasons.insert(
      judgement.reasons.begin(),
      {ReasonCode::missing_symbol,
       text("is judged by its name and by what is known of it; its symbols were not compared"),
       {}});
}

ExitCode show(const std::string& file, resolve::Judgement judgement, const Examination& examination,
              const probe::Environment& environment, const Console& console) {
  demand_proof(judgement);
  const render::CheckView view{environment,
                               file,
                               judgement.verdict,
                               judgement.reasons,
                               judgement.proof,
                               examination.proof,
                               examination.bytes_read,
                               examination.size,
                               examination.remark};
  console.show([&] { return render::check_text(view, console.style); },
               [&] { return render::check_json(view); });
  return exit_code_of(judgement.verdict);
}

// The wheel that `check` is about, judged by its name, comes first; of a package, the one that `plan` would
// choose.
Decided named(const Subject& subject, const probe::Environment& environment,
              const catalog::Knowledge& knowledge, const Settings& settings, system::World& world,
              system::HttpClient* http, Reporter& report) {
  Decided decided = decide(subject, environment, knowledge, settings, world, http, report, DecideBy::name);
  if (decided.decision.judgements.empty()) require_choice(decided);
  return decided;
}

// By ranges; where the server does not give any, by a download, and that is said.
Examination examine_remote(const catalog::Candidate& candidate, const Expected& expected,
                           const Examiner& examiner, const fetch::Store& store, const Settings& settings,
                           system::World& world, system::HttpClient* http, Reporter& report) {
  const fetch::Artifact artifact = examiner.artifact_of(candidate, settings.network);
  if (const auto stored = fetch::find_in_store(store, artifact))
    return examiner.wheel(stored->path, expected);
  if (http == nullptr)
    throw Error(ErrorKind::unreachable,
                text("{} is not in the store, and --offline forbids to download it", candidate.name),
                {text("run this again without --offline")})
        .with_code("offline");
  Examination beginning;
  {
    const Activity reading(report, text("Reading what {} needs", candidate.name), std::nullopt);
    beginning = examiner.beginning(artifact, expected);
  }
  const bool decided =
      beginning.proof.extent != proof::Extent::nothing && beginning.proof.verdict != proof::Verdict::unproven;
  if (decided || settings.dry_run) return beginning;
  const fetch::FetchedFile file =
      fetch::fetch(artifact, store, *http, world.clock, report, fetch_limits(settings));
  Examination whole = examiner.wheel(file.path, expected);
  whole.bytes_read += beginning.bytes_read;
  whole.remark = beginning.remark.empty() ? text("downloaded, since its first bytes do not decide")
                                          : text("downloaded: {}", beginning.remark.english());
  return whole;
}

}  // namespace

ExitCode check(const std::string& subject, const Settings& settings, system::World& world, Console& console) {
  const catalog::Knowledge knowledge = catalog::load_knowledge(settings.sources.data_directory);
  const probe::Environment environment = read_environment(settings, world);
  const auto http = settings.network.offline ? nullptr : connect(settings, environment, world);
  const Examiner examiner(environment, world, http.get());
  if (const auto object = shared_object(subject, world.current_directory)) {
    const Examination examination = examiner.object(*object);
    return show(object->filename().string(), judgement_of_object(examination.proof), examination, environment,
                console);
  }
  const Decided decided = named(parse_subject(subject, world.current_directory), environment, knowledge,
                                settings, world, http.get(), console.report);
  resolve::Judgement judgement = decided.decision.judgements.front();
  const catalog::Candidate& candidate = *judgement.candidate;
  const Expected expected = expected_of(decided.recipe, candidate);
  const auto file = catalog::path_of_file_address(candidate.url);
  const Examination examination =
      file ? examiner.wheel(*file, expected)
           : examine_remote(candidate, expected, examiner, {store_directory(settings, world)}, settings,
                            world, http.get(), console.report);
  resolve::weigh(judgement, examination.proof);
  if (decided.conda) name_condas_torch(judgement);
  return show(decided.conda ? decided.conda->package.file_name : candidate.name, std::move(judgement),
              examination, environment, console);
}

}  // namespace wheelfit::commands
