// SPDX-License-Identifier: Apache-2.0
// What plan chooses, written for other installers: environment → decision → its hash → what
// it requires, pinned → the file's text.
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "commands/decide.hpp"
#include "commands/downloads.hpp"
#include "commands/environment_step.hpp"
#include "commands/obtain.hpp"
#include "commands/pins.hpp"
#include "commands/verbs.hpp"
#include "python/package_name.hpp"

namespace wheelfit::commands {
namespace {

render::PinnedWheel described(const catalog::Candidate& candidate) {
  const python::WheelFilename& name = candidate.fields.file;
  return {python::normalized_name(name.name), name.version.to_string(),  candidate.name, candidate.url,
          candidate.sha256.value_or(""),      candidate.size.value_or(0)};
}

void add_proof(const catalog::Recipe& recipe, const catalog::Knowledge& knowledge,
               render::PinnedWheel& wheel) {
  const catalog::Verification& verification = recipe.verification;
  wheel.imports = verification.imports;
  wheel.module = verification.distribution_module;
  if (!verification.kind.empty())
    wheel.start_proof = knowledge.file("verify/" + verification.kind + "-smoke.py");
}

struct Pinned {
  render::PinnedWheel wheel;
  resolve::Judgement judgement;
};

// A listing that gives the hash spares the download; else the wheel itself is asked.
Pinned pinned(const Decided& decided, const probe::Environment& environment, const fetch::Store& store,
              const Settings& settings, system::World& world, system::HttpClient* http, Reporter& report) {
  const resolve::Judgement& first = decided.decision.judgements.front();
  const catalog::Candidate& chosen = *first.candidate;
  if (chosen.source == "file") {
    throw Error(ErrorKind::usage,
                text("{} is a file of this machine: another installer needs an address", chosen.name),
                {text("wheelfit seed --find-links DIR {}", chosen.name)});
  }
  if (chosen.sha256 && !chosen.url.empty()) return {described(chosen), first};
  const Obtained obtained = obtain(decided, environment, store, settings, world, http, report);
  render::PinnedWheel wheel = described(*obtained.judgement.candidate);
  // From the store it can come without one.
  if (wheel.url.empty())
    throw Error(ErrorKind::unreachable,
                text("where {} can be downloaded is known only to the package index", wheel.file_name));
  wheel.sha256 = obtained.file.sha256;
  wheel.size = obtained.file.size;
  return {std::move(wheel), obtained.judgement};
}

}  // namespace

ExitCode export_choice(render::ExportFormat format, const std::vector<std::string>& subjects,
                       const Settings& settings, system::World& world, Console& console) {
  const catalog::Knowledge knowledge = catalog::load_knowledge(settings.sources.data_directory);
  const probe::Environment environment = read_environment(settings, world);
  const auto http = settings.network.offline ? nullptr : connect(settings, environment, world);
  const Downloads downloads(settings, world);
  Pins pins(environment, settings, world, http.get(), downloads.store, console.report);
  render::ExportView view{environment, {}};
  bool proven = true;
  for (const std::string& subject : subjects) {
    const Decided decided = decide(parse_subject(subject, world.current_directory), environment, knowledge,
                                   settings, world, http.get(), console.report);
    require_wheel(decided);
    auto [wheel, judgement] =
        pinned(decided, environment, downloads.store, settings, world, http.get(), console.report);
    proven = proven && judgement.proof == resolve::Proof::symbols;
    // A table of sources names no versions: what the wheel requires is locked by uv itself.
    if (format != render::ExportFormat::uv) pins.add(decided, *judgement.candidate);
    add_proof(decided.recipe, knowledge, wheel);
    view.wheels.push_back(std::move(wheel));
  }
  if (format == render::ExportFormat::dockerfile) pins.complete_hashes();
  view.dependencies = pins.all();
  console.show([&] { return render::export_text(format, view); },
               [&] { return render::export_json(format, view); });
  return proven ? ExitCode::done : ExitCode::unproven;
}

}  // namespace wheelfit::commands
