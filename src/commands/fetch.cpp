// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"
#include "commands/decide.hpp"
#include "commands/environment_step.hpp"
#include "commands/lay_out.hpp"
#include "commands/obtain.hpp"
#include "commands/room_step.hpp"
#include "commands/verbs.hpp"
#include "render/outcome.hpp"

#include <nlohmann/json.hpp>

namespace wheelfit::commands {

namespace {

// Where the user wants it, beside the store.
std::vector<system::Need> room_for_output(const std::vector<Decided>& decisions,
                                          const std::optional<std::filesystem::path>& output,
                                          const system::World& world) {
  std::vector<system::Need> needs;
  for (const Decided& decided : decisions) {
    if (!output) break;
    needs.push_back({"output", world.current_directory / *output,
                     decided.decision.judgements.front().candidate->size.value_or(0),
                     text("or write it elsewhere: -o DIR")});
  }
  return needs;
}

ExitCode show_choices(const std::vector<Decided>& decisions, const Console& console) {
  Results results(console);
  for (const Decided& decided : decisions) {
    const catalog::Candidate& candidate = *decided.decision.judgements.front().candidate;
    const fetch::Artifact artifact = artifact_of(candidate);
    const fetch::FetchedFile nothing{{}, candidate.sha256.value_or(""), candidate.size.value_or(0)};
    results.add([&] { return render::fetch_text({artifact, nothing}, console.style); },
                [&] { return render::fetch_json({artifact, nothing}); });
  }
  results.end();
  return ExitCode::done;
}

}  // namespace

ExitCode fetch(const std::vector<std::string>& subjects, const std::optional<std::filesystem::path>& output,
               const Settings& settings, system::World& world, Console& console) {
  const catalog::Knowledge knowledge = catalog::load_knowledge(settings.sources.data_directory);
  const probe::Environment environment = read_environment(settings, world);
  const auto http = settings.network.offline ? nullptr : connect(settings, environment, world);
  std::vector<Decided> decisions;
  for (const std::string& subject : subjects) {
    decisions.push_back(decide(parse_subject(subject, world.current_directory), environment, knowledge,
                               settings, world, http.get(), console.report));
    require_wheel(decisions.back());
  }
  // Beyond this point everything that was asked for is known to fit.
  if (settings.dry_run) return show_choices(decisions, console);
  const fetch::Store store{store_directory(settings, world)};
  require_room_for(decisions, Fate::kept, environment, store, world,
                   room_for_output(decisions, output, world));
  Results results(console);
  for (const Decided& decided : decisions) {
    Obtained obtained = obtain(decided, environment, store, settings, world, http.get(), console.report);
    if (output) {
      obtained.file = laid_out(obtained.file, obtained.artifact.file_name, world.current_directory / *output);
    }
    results.add([&] { return render::fetch_text({obtained.artifact, obtained.file}, console.style); },
                [&] { return render::fetch_json({obtained.artifact, obtained.file}); });
  }
  results.end();
  return ExitCode::done;
}

}  // namespace wheelfit::commands
