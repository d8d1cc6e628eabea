// SPDX-License-Identifier: Apache-2.0
// What plan chooses, written for other installers: environment → decision → its hash → the file's text.
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "commands/decide.hpp"
#include "commands/downloads.hpp"
#include "commands/environment_step.hpp"
#include "commands/obtain.hpp"
#include "commands/verbs.hpp"
#include "python/package_name.hpp"

namespace wheelfit::commands {
namespace {

render::PinnedWheel described(const catalog::Candidate& candidate) {
  const python::WheelFilename& name = candidate.fields.file;
  return {python::normalized_name(name.name), name.version.to_string(),  candidate.name, candidate.url,
          candidate.sha256.value_or(""),      candidate.size.value_or(0)};
}

// A listing that gives the hash spares the download; else the wheel itself is asked.
render::PinnedWheel pinned(const Decided& decided, const probe::Environment& environment,
                           const fetch::Store& store, const Settings& settings, system::World& world,
                           system::HttpClient* http, Reporter& report) {
  const catalog::Candidate& chosen = *decided.decision.judgements.front().candidate;
  if (chosen.source == "file") {
    throw Error(ErrorKind::usage,
                text("{} is a file of this machine: another installer needs an address", chosen.name),
                {text("wheelfit seed --find-links DIR {}", chosen.name)});
  }
  if (chosen.sha256 && !chosen.url.empty()) return described(chosen);
  const Obtained obtained = obtain(decided, environment, store, settings, world, http, report);
  render::PinnedWheel wheel = described(*obtained.judgement.candidate);
  // From the store it can come without one.
  if (wheel.url.empty())
    throw Error(ErrorKind::unreachable,
                text("where {} can be downloaded is known only to the package index", wheel.file_name));
  wheel.sha256 = obtained.file.sha256;
  wheel.size = obtained.file.size;
  return wheel;
}

}  // namespace

ExitCode export_choice(render::ExportFormat format, const std::vector<std::string>& subjects,
                       const Settings& settings, system::World& world, Console& console) {
  const catalog::Knowledge knowledge = catalog::load_knowledge(settings.sources.data_directory);
  const probe::Environment environment = read_environment(settings, world);
  const auto http = settings.network.offline ? nullptr : connect(settings, environment, world);
  const Downloads downloads(settings, world);
  render::ExportView view{environment, {}};
  bool proven = true;
  for (const std::string& subject : subjects) {
    const Decided decided = decide(parse_subject(subject, world.current_directory), environment, knowledge,
                                   settings, world, http.get(), console.report);
    require_wheel(decided);
    proven = proven && decided.decision.judgements.front().proof == resolve::Proof::symbols;
    view.wheels.push_back(
        pinned(decided, environment, downloads.store, settings, world, http.get(), console.report));
  }
  console.show([&] { return render::export_text(format, view); },
               [&] { return render::export_json(format, view); });
  return proven ? ExitCode::done : ExitCode::unproven;
}

}  // namespace wheelfit::commands
