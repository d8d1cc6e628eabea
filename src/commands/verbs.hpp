// SPDX-License-Identifier: Apache-2.0
// The verbs. Each is one screen: its passes in order. They return what the process returns and throw Error
// for what ends them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/exit_code.hpp"
#include "commands/console.hpp"
#include "commands/seed_request.hpp"
#include "commands/settings.hpp"
#include "render/export.hpp"
#include "system/world.hpp"

namespace wheelfit::commands {

// Says which wheel fits and why. 0 proven by symbols, 1 chosen by name, 2 nothing.
ExitCode plan(const std::string& subject, const Settings& settings, system::World& world, Console& console);

// Shows the environment, read from files.
ExitCode inspect(const Settings& settings, system::World& world, Console& console);

// What could make an install fail here, and what would mend it: the environment, room, caches, the network
// hop by hop. 0 sound, 1 warnings, 2 broken.
ExitCode doctor(const Settings& settings, system::World& world, Console& console);

// doctor --disk: what takes space and could be done without; --free SIZE: the commands that free as much, the
// least loss first; --yes: done, as far as it touches caches alone. 1 where that is not enough.
struct DiskRequest {
  std::optional<std::string> free;
  std::optional<std::filesystem::path> on;  // what lies on other filesystems than this does not count
  bool yes = false;
};
ExitCode disk(const DiskRequest& request, const Settings& settings, system::World& world, Console& console);

// Downloads what plan chooses into the store and, with `output`, into that directory too.
ExitCode fetch(const std::vector<std::string>& subjects, const std::optional<std::filesystem::path>& output,
               const Settings& settings, system::World& world, Console& console);

// Everything is decided and checked before the first file is written; what fails its proof is rolled back.
ExitCode install(const std::vector<std::string>& subjects,
                 const std::optional<std::filesystem::path>& requirements_file, const Settings& settings,
                 system::World& world, Console& console);

// install --later: leaves a note of what install would be asked, for an image that is built where no GPU is.
ExitCode install_later(const std::vector<std::string>& subjects,
                       const std::optional<std::filesystem::path>& requirements_file,
                       const Settings& settings, system::World& world, Console& console);

// install --finish: does what the note says, and removes it once that is done and proven as required (0). 0 at
// once where there is no note; 1 where a GPU is wanted and none is here. The note's options count, but for
// what proof is required where that was `given` now.
enum class ProofWish { of_the_note, given };
ExitCode install_finish(const Settings& settings, ProofWish proof_wish, system::World& world,
                        Console& console);

// Everything that another machine needs, as one file. 1 where something could not be had as a wheel.
ExitCode bundle(const std::vector<std::string>& subjects,
                const std::optional<std::filesystem::path>& requirements_file,
                const std::optional<std::filesystem::path>& output, const Settings& settings,
                system::World& world, Console& console);

// What is inside one.
ExitCode list_bundle(const std::string& file, system::World& world, Console& console);

// Says what plan chooses, and what is missing beside it, as commands for a machine that can download.
ExitCode list_downloads(const std::vector<std::string>& subjects, const Settings& settings,
                        system::World& world, Console& console);

// Says what plan chooses in the words of another installer's file, with hashes: what no listing gives the
// hash of is downloaded. 0 proven by symbols, 1 chosen by name.
ExitCode export_choice(render::ExportFormat format, const std::vector<std::string>& subjects,
                       const Settings& settings, system::World& world, Console& console);

// A wheel from a source distribution, into the store and, with `output`, into that directory too. 0 proven by
// symbols, 1 not provable here, 2 something stands in the way or it failed.
ExitCode build(const std::string& subject, const std::optional<std::filesystem::path>& output,
               const Settings& settings, system::World& world, Console& console);

// One wheel or shared object, file or address (of a package: the wheel that plan would name) against the
// environment: what it needs, what it offers. 0 fits, 1 unproven, 2 refused.
ExitCode check(const std::string& subject, const Settings& settings, system::World& world, Console& console);

// Puts a wheel where the environment's own pip finds it, or into a directory of wheels for pip and uv; lists
// what was put there, takes it out, finds cached wheels built for something else. 1: pip would not use it
// (and nothing was written), or it is not proven to fit.
ExitCode seed(const SeedRequest& request, const Settings& settings, system::World& world, Console& console);

// 0 proven as required, 1 not provable here, 2 a proof failed or it is not installed.
ExitCode verify(const std::vector<std::string>& names, const Settings& settings, system::World& world,
                Console& console);

// 1 with a warning where there was nothing to remove.
ExitCode uninstall(const std::vector<std::string>& names, const Settings& settings, system::World& world,
                   Console& console);

// What is meant when nothing is named: the recipe that says so.
std::string default_package(const Settings& settings);

}  // namespace wheelfit::commands
