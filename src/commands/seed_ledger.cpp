// SPDX-License-Identifier: Apache-2.0
// seed --list and seed --undo: what the ledger knows.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "commands/environment_step.hpp"
#include "commands/seed.hpp"
#include "pipcache/place.hpp"
#include "python/package_name.hpp"
#include "render/seed.hpp"

namespace wheelfit::commands {

ExitCode seed_list(const Settings& settings, system::World& world, Console& console) {
  const std::vector<pipcache::Seed> seeds = pipcache::Ledger(store_directory(settings, world)).read();
  std::vector<render::SeedEntry> entries;
  for (const pipcache::Seed& seed : seeds) entries.push_back({seed, pipcache::state_of(seed)});
  console.show([&] { return render::seed_list_text(entries, console.style); },
               [&] { return render::seed_list_json(entries); });
  const bool all_there = std::all_of(entries.begin(), entries.end(), [](const render::SeedEntry& entry) {
    return entry.state == pipcache::SeedState::in_place;
  });
  return all_there ? ExitCode::done : ExitCode::unproven;
}

ExitCode seed_undo(const SeedRequest& request, const Settings& settings, system::World& world,
                   Console& console) {
  const pipcache::Ledger ledger(store_directory(settings, world));
  std::optional<system::FileLock> lock;
  if (!settings.dry_run) {
    lock = ledger.lock();
    pipcache::recover(ledger);
  }
  std::vector<std::string> names;
  for (const std::string& name : request.subjects) names.push_back(python::normalized_name(name));
  std::vector<pipcache::Undone> undone;
  for (const pipcache::Seed& seed : ledger.read()) {
    if (!names.empty() && std::find(names.begin(), names.end(), seed.distribution) == names.end()) continue;
    undone.push_back(settings.dry_run ? pipcache::Undone{seed, pipcache::state_of(seed), {}}
                                      : pipcache::undo(seed, ledger));
  }
  console.show([&] { return render::seed_undo_text(undone, settings.dry_run, console.style); },
               [&] { return render::seed_undo_json(undone, settings.dry_run); });
  const bool as_expected = std::all_of(undone.begin(), undone.end(), [](const pipcache::Undone& one) {
    return one.before == pipcache::SeedState::in_place;
  });
  return !undone.empty() && as_expected ? ExitCode::done : ExitCode::unproven;
}

}  // namespace wheelfit::commands
