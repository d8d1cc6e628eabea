// SPDX-License-Identifier: Apache-2.0
// What takes space and could be done without, the least loss first; and which of it to give up. Plain values
// and pure functions.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "system/file_walk.hpp"

namespace wheelfit::diagnose {

// In the order of loss.
enum class HoldingKind {
  temporary,       // of pip and wheelfit, left by killed runs
  store_listings,  // what releases and indexes said
  apt_archives,
  apt_lists,
  bytecode,  // __pycache__ of the environment
  pip_http,
  uv_cache,
  store_partial,  // downloads that were cut off
  store_wheels,   // downloaded, or made of packages that were
  builds,         // build directories in the store
  pip_wheels,     // built or seeded
};
std::string_view to_string(HoldingKind kind) noexcept;

// Who may give it up: wheelfit when it is told to (caches), the user (the environment), the administrator.
enum class FreedBy { wheelfit, user, administrator };
FreedBy freed_by(HoldingKind kind) noexcept;
std::string_view to_string(FreedBy who) noexcept;

struct Holding {
  HoldingKind kind = HoldingKind::temporary;
  std::vector<std::filesystem::path> paths;  // that go; of `bytecode` the directories it is found below
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;  // allocated blocks; a file counts in the first holding that names it
  std::uint64_t frees = 0;  // what is free once this and all before it are gone: no name of it is left then
  std::uint64_t device = 0;
  std::string filesystem;

  friend bool operator==(const Holding&, const Holding&) = default;
};

// The line that gives it up, for a shell; `as_root`: the administrator is the user.
std::string command_for(const Holding& holding, bool as_root);

// Adds files up, holding after holding: blocks once, and freed by the holding that takes their last name.
class BlockCount {
 public:
  void add(Holding& holding, const system::WalkedFile& file);

 private:
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::uint64_t> names_seen_;  // of files with several
};

struct FreeChoice {
  std::vector<Holding> taken;
  std::uint64_t frees = 0;
  std::uint64_t reachable = 0;  // if all were given up
};

// From the front, until `wanted` is reached. `device`: what lies elsewhere does not count; `by_wheelfit`: nor
// does what only others may give up.
enum class Doers { anyone, wheelfit };
FreeChoice choose(const std::vector<Holding>& holdings, std::uint64_t wanted,
                  std::optional<std::uint64_t> device, Doers doers);

}  // namespace wheelfit::diagnose
