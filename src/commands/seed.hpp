// SPDX-License-Identifier: Apache-2.0
// The parts of `seed` that have files of their own.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/exit_code.hpp"
#include "commands/console.hpp"
#include "commands/decide.hpp"
#include "commands/obtain.hpp"
#include "commands/seed_request.hpp"
#include "commands/settings.hpp"
#include "pipcache/relabel.hpp"
#include "system/temp_directory.hpp"
#include "system/world.hpp"

namespace wheelfit::commands {

ExitCode seed_list(const Settings& settings, system::World& world, Console& console);
ExitCode seed_undo(const SeedRequest& request, const Settings& settings, system::World& world,
                   Console& console);
ExitCode seed_audit(const SeedRequest& request, const Settings& settings, system::World& world,
                    Console& console);
// pip's cache: as named, else as the environment's own pip would have it; the source of an unknown one says
// why.
Fact<std::filesystem::path> pip_cache(const SeedRequest& request, const probe::Environment& environment,
                                      const system::World& world);

// A wheel that is checked, proven not to be wrong here, and says the version that pip wants.
struct PreparedWheel {
  std::filesystem::path file;
  bool in_store = false;  // wheelfit's own file, which nothing changes
  pipcache::Relabelled relabelled;
  Obtained obtained;
  std::string sha256;  // of `file`
  std::uint64_t size = 0;
  bool proven = false;  // by its symbols
  bool has_code = true;
  std::optional<system::TempDirectory> workplace;
};

// Throws Error{refused} for a bad wheel, ProofRefusal for one that is proven not to fit.
PreparedWheel prepare_wheel(const Obtained& obtained, const Decided& decided, const python::Version& version,
                            const probe::Environment& environment, const fetch::Store& store,
                            const system::World& world, Reporter& report);

// Throws Error{machine} where the download, the look at it and its copy for pip do not find room.
void require_room_for_seed(const SeedRequest& request, const Decided& decided,
                           const probe::Environment& environment, const fetch::Store& store,
                           const system::World& world);

using Prepare = std::function<PreparedWheel(const python::Version&)>;

// `prepare` is called unless it is a dry run.
ExitCode seed_find_links(const SeedRequest& request, const Decided& decided, const Prepare& prepare,
                         const Settings& settings, const system::World& world, Console& console);

// The version that a wheel answers to: without its label.
python::Version seeded_version(const Decided& decided);

}  // namespace wheelfit::commands
