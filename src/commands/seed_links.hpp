// SPDX-License-Identifier: Apache-2.0
// Which links lead pip to what is seeded: the given one, or what the index pages of pip's own settings say.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/reporter.hpp"
#include "commands/seed_errand.hpp"
#include "commands/settings.hpp"
#include "pipcache/cache_key.hpp"
#include "pipcache/link.hpp"
#include "probe/environment.hpp"
#include "render/seed.hpp"
#include "system/world.hpp"

namespace wheelfit::commands {

// The pip that is to find the wheel.
struct TargetPip {
  python::Version version;
  pipcache::KeyInterpreter interpreter;
};

// Throws Error{usage} where the description of another machine lacks what the directory depends on.
TargetPip target_pip(const probe::Environment& environment);

struct SeedLink {
  std::string shown;  // without credentials
  pipcache::Link held;
  std::vector<std::filesystem::path> directories;  // below pip's cache
};

struct SeedLinks {
  std::vector<SeedLink> links;
  std::vector<render::SeedReason> obstacles;  // pip would not come to look for the wheel
  std::vector<render::SeedReason> notes;
  bool unpinned = false;      // the name alone leads there, too
  std::string newest_source;  // where it does not: the version whose source the name alone gets
};

// A link as it was given. Throws Error{usage} for one that this pip raises on.
SeedLinks given_link(const std::string& link, const TargetPip& pip);

// Reads the page of `package` on every index that pip would ask, once, and its find-links. Throws
// Error{unreachable} where the page of the first one cannot be had; `http` is null when offline.
SeedLinks index_links(const std::string& package, const python::Version& version, const TargetPip& pip,
                      const probe::Environment& environment, const Settings& settings, system::World& world,
                      system::HttpClient* http, Reporter& report);

}  // namespace wheelfit::commands
