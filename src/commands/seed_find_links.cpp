// SPDX-License-Identifier: Apache-2.0
// seed --find-links: a directory of wheels, the way that pip and uv support.
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "commands/environment_step.hpp"
#include "commands/seed.hpp"
#include "render/seed.hpp"
#include "system/files.hpp"

namespace wheelfit::commands {

namespace {

void put(const std::filesystem::path& wheel, const std::filesystem::path& directory,
         const std::string& name) {
  system::make_directories(directory);
  const std::filesystem::path part = directory / ("." + name + ".part");
  system::remove_quietly(part);
  try {
    system::copy_file(wheel, part);
    system::rename_file(part, directory / name);
  } catch (...) {
    system::remove_quietly(part);
    throw;
  }
}

}  // namespace

ExitCode seed_find_links(const SeedRequest& request, const Decided& decided, const Prepare& prepare,
                         const Settings& settings, const system::World& world, Console& console) {
  if (!request.find_links && !settings.store.keep) {
    throw Error(ErrorKind::usage,
                text("--for uv puts the wheel into wheelfit's store, and --no-store forbids that"),
                {text("wheelfit seed --find-links DIR {}", decided.decision.package)});
  }
  render::FindLinksView view;
  view.directory = request.find_links ? (world.current_directory / *request.find_links).lexically_normal()
                                      : store_directory(settings, world) / "find-links";
  const python::Version version = seeded_version(decided);
  view.distribution = decided.decision.package;
  view.version = version.to_string();
  view.dry_run = settings.dry_run;
  view.for_uv = request.for_uv;
  bool proven = false;
  if (settings.dry_run) {
    const catalog::Candidate& candidate = *decided.decision.judgements.front().candidate;
    view.made_from = candidate.name;
    view.source = candidate.source;
    view.wheel = pipcache::relabelled_name(candidate.name, version);
    proven = decided.decision.judgements.front().proof == resolve::Proof::symbols;
  } else {
    const PreparedWheel prepared = prepare(version);
    view.made_from = prepared.obtained.artifact.file_name;
    view.source = prepared.obtained.judgement.candidate->source;
    view.wheel = prepared.relabelled.file_name;
    view.rewritten = prepared.relabelled.rewritten;
    proven = prepared.proven;
    put(prepared.file, view.directory, view.wheel);
  }
  console.show([&] { return render::find_links_text(view, console.style); },
               [&] { return render::find_links_json(view); });
  return proven ? ExitCode::done : ExitCode::unproven;
}

}  // namespace wheelfit::commands
