// SPDX-License-Identifier: Apache-2.0
// `fetch --list`: for a machine that cannot download, what another one should.
#include <nlohmann/json.hpp>

#include "commands/decide.hpp"
#include "commands/environment_step.hpp"
#include "commands/index_supply.hpp"
#include "commands/obtain.hpp"
#include "commands/premises.hpp"
#include "commands/verbs.hpp"
#include "commands/wheel_metadata.hpp"
#include "python/package_name.hpp"
#include "render/downloads.hpp"

namespace wheelfit::commands {

namespace {

render::Download described(const catalog::Candidate& candidate, std::vector<std::string> required_by) {
  return {candidate.name,
          python::normalized_name(candidate.fields.file.name),
          candidate.fields.version.to_string(),
          candidate.url,
          candidate.source,
          candidate.size,
          candidate.sha256,
          std::move(required_by)};
}

class Listing {
 public:
  Listing(const probe::Environment& environment, const Settings& settings, system::World& world,
          system::HttpClient* http, Reporter& report)
      : world_(world),
        http_(http),
        store_{store_directory(settings, world)},
        premises_(premises_of(environment)),
        supply_(environment, settings, world, http, store_, IndexSupply::Unread::pass_over, report) {}

  void add(const Decided& decided, render::Downloads& downloads) {
    const catalog::Candidate& wheel = *decided.decision.judgements.front().candidate;
    downloads.wheels.push_back(described(wheel, {}));
    const auto rows = requirements_of(wheel, decided.recipe, store_, http_, world_.clock);
    if (!rows) {
      downloads.remarks.push_back(text("what {} requires is not known here", wheel.name));
      return;
    }
    const install::Companions companions =
        install::find_companions(decided.decision.package, *rows, premises_, supply_);
    refuse_conflicts(companions.conflicts);
    for (const Text& row : companions.unreadable) downloads.remarks.push_back(row);
    for (const install::Companion& companion : companions.found)
      downloads.dependencies.push_back(described(supply_.wheel(companion), companion.required_by));
    for (const install::Lacking& lacking : companions.lacking)
      downloads.lacking.push_back({lacking.requirement, lacking.required_by, lacking.reason});
    premises_.installed[decided.decision.package] = wheel.fields.version.to_string();
  }

 private:
  system::World& world_;
  system::HttpClient* http_;
  fetch::Store store_;
  install::Premises premises_;
  IndexSupply supply_;
};

}  // namespace

ExitCode list_downloads(const std::vector<std::string>& subjects, const Settings& settings,
                        system::World& world, Console& console) {
  const catalog::Knowledge knowledge = catalog::load_knowledge(settings.sources.data_directory);
  probe::Environment environment = read_environment(settings, world);
  use_network_of_this_machine(environment, settings, world);
  const auto http = settings.network.offline ? nullptr : connect(settings, environment, world);
  render::Downloads downloads{environment, {}, {}, {}, {}};
  Listing listing(environment, settings, world, http.get(), console.report);
  for (const std::string& subject : subjects) {
    const Decided decided = decide(parse_subject(subject, world.current_directory), environment, knowledge,
                                   settings, world, http.get(), console.report);
    require_wheel(decided);
    listing.add(decided, downloads);
  }
  console.show([&] { return render::downloads_text(downloads, console.style); },
               [&] { return render::downloads_json(downloads); });
  const bool whole = downloads.lacking.empty() && downloads.remarks.empty();
  return whole ? ExitCode::done : ExitCode::unproven;
}

}  // namespace wheelfit::commands
