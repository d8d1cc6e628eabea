// SPDX-License-Identifier: Apache-2.0
#include "pipcache/place.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "pipcache/inventory.hpp"
#include "python/package_name.hpp"
#include "system/files.hpp"
#include "system/sha256.hpp"

namespace wheelfit::pipcache {

namespace fs = std::filesystem;

namespace {

std::string hash_of(const fs::path& file) { return system::to_hex(system::sha256_of_file(file)); }

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(fs::symlink_status(path, ignored));
}

bool is_hash(const fs::path& file, const std::string& sha256) {
  return is_file(file) && hash_of(file) == sha256;
}

// What the wheel is called until it is whole: pip takes no file that does not end in .whl.
fs::path unfinished(const Seed& seed) { return seed.directory / ".wheelfit.part"; }
fs::path wheel_of(const Seed& seed) { return seed.directory / seed.file_name; }
fs::path origin_of(const Seed& seed) { return seed.directory / "origin.json"; }

// `from` appears as `to`, whole, whatever was there before.
void put(const fs::path& from, const fs::path& part, const fs::path& to, Sharing sharing) {
  system::remove_quietly(part);
  try {
    if (sharing == Sharing::linked)
      system::link_or_copy(from, part);
    else
      system::copy_file(from, part);
    system::rename_file(part, to);
  } catch (...) {
    system::remove_quietly(part);
    throw;
  }
  system::remove_quietly(part);  // where both were names of one file, renaming left both
}

// Empty directories up to pip's `wheels` go.
void prune(fs::path directory) {
  for (int level = 0; level < 4; ++level) {
    std::error_code failed;
    if (!fs::remove(directory, failed) || failed) return;
    directory = directory.parent_path();
  }
}

bool same_tag(const python::WheelFilename& left, const python::WheelFilename& right) {
  const auto tags = left.tags();
  const auto others = right.tags();
  return std::any_of(tags.begin(), tags.end(), [&](const python::Tag& tag) {
    return std::find(others.begin(), others.end(), tag) != others.end();
  });
}

// What this pip could take instead of `seed`: its tags decide, and of equals the name.
bool is_rival(const CachedWheel& cached, const python::WheelFilename& own, const PlaceRequest& request) {
  if (python::normalized_name(cached.name.name) != python::normalized_name(own.name)) return false;
  return same_tag(cached.name, own) || python::judge_tags(cached.name.tags(), request.target).compatible;
}

// The wheels that make room, each kept for undo(), but for one that wheelfit itself had put there: what that
// one replaced is taken over.
std::vector<Replaced> set_aside(const PlaceRequest& request, const Ledger& ledger) {
  const Seed& seed = request.seed;
  const auto own = python::WheelFilename::parse(seed.file_name);
  const auto earlier = ledger.find(seed.directory);
  std::vector<Replaced> replaced;
  if (earlier) replaced = earlier->replaced;
  for (const CachedWheel& cached : cached_in(seed.directory)) {
    const std::string name = cached.file.filename().string();
    if (!own || !is_rival(cached, *own, request)) continue;
    Replaced wheel{name, hash_of(cached.file), {}};
    const bool is_same = name == seed.file_name && wheel.sha256 == seed.sha256;
    const bool is_ours = earlier && earlier->file_name == name && earlier->sha256 == wheel.sha256;
    if (is_ours || (is_same && !earlier)) continue;
    wheel.kept = ledger.place_for(seed, wheel);
    const fs::path kept = ledger.directory() / wheel.kept;
    system::make_directories(kept.parent_path());
    if (!is_hash(kept, wheel.sha256)) put(cached.file, kept.parent_path() / ".part", kept, Sharing::linked);
    replaced.push_back(std::move(wheel));
  }
  return replaced;
}

// Of the tag only the new wheel stays.
void remove_rivals(const Seed& seed, const std::vector<fs::path>& rivals) {
  for (const fs::path& rival : rivals) {
    std::error_code failed;
    if (rival != wheel_of(seed)) fs::remove(rival, failed);
    if (failed) throw system::machine_error(rival, "removed", failed.value());
  }
}

std::vector<fs::path> rivals_of(const PlaceRequest& request) {
  std::vector<fs::path> rivals;
  const auto own = python::WheelFilename::parse(request.seed.file_name);
  for (const CachedWheel& cached : cached_in(request.seed.directory))
    if (own && is_rival(cached, *own, request)) rivals.push_back(cached.file);
  return rivals;
}

void write_origin(const Seed& seed) {
  if (!seed.origin.empty())
    system::write_file_atomically(origin_of(seed), seed.origin, system::Durability::ordinary);
}

void restore_origin(const Seed& seed) {
  if (seed.origin.empty() || system::read_file_if_any(origin_of(seed)) != seed.origin) return;
  if (seed.origin_before)
    system::write_file_atomically(origin_of(seed), *seed.origin_before, system::Durability::ordinary);
  else
    system::remove_quietly(origin_of(seed));
}

}  // namespace

Seed place(const PlaceRequest& request, const Ledger& ledger) {
  Seed seed = request.seed;
  if (!is_cache_place(seed.directory))
    throw Error(ErrorKind::internal,
                text("{} is no directory of pip's wheel cache", seed.directory.string()));
  const auto earlier = ledger.find(seed.directory);
  seed.replaced = set_aside(request, ledger);
  const auto origin = system::read_file_if_any(origin_of(seed));
  seed.origin_before =
      earlier && !earlier->origin.empty() && origin == earlier->origin ? earlier->origin_before : origin;
  ledger.begin(seed);
  try {
    system::make_directories(seed.directory);
    put(request.wheel, unfinished(seed), wheel_of(seed), request.sharing);
  } catch (...) {
    prune(seed.directory);
    ledger.give_up(seed);
    throw;
  }
  // Beyond this point pip finds the new wheel, and recover() would finish the rest.
  remove_rivals(seed, rivals_of(request));
  write_origin(seed);
  ledger.finish(seed);
  return seed;
}

void recover(const Ledger& ledger) {
  for (const Seed& seed : ledger.read_begun()) {
    system::remove_quietly(unfinished(seed));
    if (!is_hash(wheel_of(seed), seed.sha256)) {
      prune(seed.directory);
      ledger.give_up(seed);
      continue;
    }
    std::vector<fs::path> rivals;
    for (const Replaced& wheel : seed.replaced) {
      const fs::path rival = seed.directory / wheel.file_name;
      if (is_hash(rival, wheel.sha256)) rivals.push_back(rival);
    }
    if (const auto earlier = ledger.find(seed.directory)) rivals.push_back(wheel_of(*earlier));
    remove_rivals(seed, rivals);
    write_origin(seed);
    ledger.finish(seed);
  }
}

SeedState state_of(const Seed& seed) {
  std::error_code ignored;
  if (!fs::exists(fs::symlink_status(wheel_of(seed), ignored))) return SeedState::gone;
  return is_hash(wheel_of(seed), seed.sha256) ? SeedState::in_place : SeedState::changed;
}

Undone undo(const Seed& seed, const Ledger& ledger) {
  Undone undone{seed, state_of(seed), {}};
  if (undone.before == SeedState::in_place) {
    bool overwritten = false;
    for (const Replaced& wheel : seed.replaced) {
      const fs::path kept = ledger.directory() / wheel.kept;
      const fs::path place = seed.directory / wheel.file_name;
      const bool is_own_name = wheel.file_name == seed.file_name;
      if (!is_file(kept) || (!is_own_name && is_file(place))) continue;
      put(kept, unfinished(seed), place, Sharing::linked);
      overwritten = overwritten || is_own_name;
      undone.restored.push_back(wheel.file_name);
    }
    std::error_code failed;
    if (!overwritten) fs::remove(wheel_of(seed), failed);
    if (failed) throw system::machine_error(wheel_of(seed), "removed", failed.value());
    restore_origin(seed);
  }
  prune(seed.directory);
  ledger.remove(seed);
  return undone;
}

void remove_cached(const fs::path& wheel) {
  std::error_code failed;
  fs::remove(wheel, failed);
  if (failed) throw system::machine_error(wheel, "removed", failed.value());
  // Only the directory's last wheel takes origin.json with it.
  if (!cached_in(wheel.parent_path()).empty()) return;
  system::remove_quietly(wheel.parent_path() / "origin.json");
  prune(wheel.parent_path());
}

}  // namespace wheelfit::pipcache
