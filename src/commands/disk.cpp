// SPDX-License-Identifier: Apache-2.0
// doctor --disk, doctor --free: what takes the space, and what to give up for more.
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "commands/caches.hpp"
#include "commands/environment_step.hpp"
#include "commands/verbs.hpp"
#include "diagnose/find_holdings.hpp"
#include "render/disk.hpp"
#include "system/access.hpp"
#include "system/byte_count.hpp"
#include "system/disk.hpp"
#include "system/file_lock.hpp"
#include "system/files.hpp"
#include "system/temp_directory.hpp"

namespace wheelfit::commands {

namespace {

namespace fs = std::filesystem;

// A full disk is looked at without a Python, too.
probe::Environment environment_if_any(const Settings& settings, system::World& world) {
  try {
    return read_environment(settings, world);
  } catch (const Error& error) {
    if (settings.environment.python || error.kind() == ErrorKind::interrupted) throw;
    return {};
  }
}

diagnose::HoldingPlaces places_of(const probe::Environment& environment, const Settings& settings,
                                  system::World& world) {
  diagnose::HoldingPlaces places;
  if (environment.installer.cache_directory)
    places.pip_cache = *environment.installer.cache_directory;
  else
    places.pip_cache = home_cache(world.variables, "pip");
  places.uv_cache = uv_cache(world.variables);
  places.store = store_directory(settings, world);
  places.temporary = system::temporary_files(world.variables);
  if (const auto& scheme = environment.interpreter.scheme) {
    places.site_directories = {scheme->purelib};
    if (scheme->platlib != scheme->purelib) places.site_directories.push_back(scheme->platlib);
  }
  places.root = world.root;
  places.now = std::chrono::duration_cast<std::chrono::seconds>(world.clock.now().time_since_epoch()).count();
  return places;
}

std::optional<std::uint64_t> device_of(const std::optional<fs::path>& on, const system::World& world) {
  if (!on) return std::nullopt;
  const auto disk = system::disk_of(world.current_directory / *on);
  if (!disk) throw Error(ErrorKind::usage, text("on which filesystem {} lies cannot be told", on->string()));
  return disk->device;
}

void give_up_build(const fs::path& folder) {
  const auto lock = system::FileLock::try_acquire(folder / "lock");
  if (lock) system::remove_locked_folder(folder);
}

// What another wheelfit is at stays: a download, a wheel that it makes, a build.
void give_up(const diagnose::Holding& holding, const fs::path& store) {
  for (const fs::path& path : holding.paths) {
    const bool locked_each = holding.kind == diagnose::HoldingKind::store_partial || path == store / "made";
    if (holding.kind == diagnose::HoldingKind::builds && fs::is_directory(path)) {
      give_up_build(path);
      continue;
    }
    if (!locked_each) {
      system::remove_quietly(path);
      continue;
    }
    std::error_code failed;
    for (fs::directory_iterator entry(path, failed), end; !failed && entry != end; entry.increment(failed)) {
      const auto lock = system::FileLock::try_acquire(store / "locks" / entry->path().filename());
      if (lock) system::remove_quietly(entry->path());
    }
  }
}

std::uint64_t left_of(const diagnose::Holding& holding) {
  std::uint64_t bytes = 0;
  for (const fs::path& path : holding.paths)
    system::walk_files(path, [&](const system::WalkedFile& file) { bytes += file.bytes; });
  return bytes;
}

std::vector<render::GivenUp> given_up(const diagnose::FreeChoice& choice, const fs::path& store, bool do_it) {
  std::vector<render::GivenUp> all;
  for (const diagnose::Holding& holding : choice.taken) {
    render::GivenUp step{holding, false, 0};
    if (do_it) {
      give_up(holding, store);
      const std::uint64_t left = left_of(holding);
      step.done = left == 0;
      step.freed = holding.frees - std::min(left, holding.frees);
    }
    all.push_back(std::move(step));
  }
  return all;
}

void look_at_filesystems(const diagnose::HoldingPlaces& places, render::DiskView& view) {
  std::vector<fs::path> paths{places.store, places.temporary};
  paths.insert(paths.begin(), places.site_directories.begin(), places.site_directories.end());
  if (places.pip_cache) paths.push_back(*places.pip_cache);
  for (const fs::path& path : paths) {
    const auto disk = system::disk_of(path);
    if (!disk) continue;
    const bool known = std::ranges::any_of(view.filesystems, [&](const render::SeenFilesystem& each) {
      return each.disk.device == disk->device;
    });
    if (!known) view.filesystems.push_back({path, *disk});
  }
}

std::uint64_t wanted_bytes(const std::string& size) {
  if (const auto bytes = system::parse_byte_count(size)) return *bytes;
  throw Error(ErrorKind::usage, text("\"{}\" is no size", size), {text("wheelfit doctor --free 5GB")});
}

}  // namespace

ExitCode disk(const DiskRequest& request, const Settings& settings, system::World& world, Console& console) {
  render::DiskView view;
  if (request.free) view.wanted = wanted_bytes(*request.free);
  const auto device = device_of(request.on, world);
  const diagnose::HoldingPlaces places = places_of(environment_if_any(settings, world), settings, world);
  view.holdings = diagnose::find_holdings(places);
  if (device)
    std::erase_if(view.holdings, [&](const diagnose::Holding& each) { return each.device != *device; });
  view.as_root = system::effective_user() == 0;
  bool enough = true;
  if (view.wanted) {
    const auto doers = request.yes ? diagnose::Doers::wheelfit : diagnose::Doers::anyone;
    const diagnose::FreeChoice choice = diagnose::choose(view.holdings, *view.wanted, device, doers);
    // Beyond this point caches go, where that was asked for.
    view.did = request.yes && !settings.dry_run;
    view.steps = given_up(choice, places.store, view.did);
    view.reachable = diagnose::choose(view.holdings, 0, device, diagnose::Doers::anyone).reachable;
    enough = (view.did ? view.freed() : choice.frees) >= *view.wanted;
  }
  look_at_filesystems(places, view);
  console.show([&] { return render::disk_text(view, console.style); },
               [&] { return render::disk_json(view); });
  return enough ? ExitCode::done : ExitCode::unproven;
}

}  // namespace wheelfit::commands
