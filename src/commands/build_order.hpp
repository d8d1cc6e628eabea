// SPDX-License-Identifier: Apache-2.0
// What is to be built: from which source, for which GPUs, and what stands in the way of it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "build/obstacles.hpp"
#include "build/workplace.hpp"
#include "catalog/recipe.hpp"
#include "catalog/source_distribution.hpp"
#include "commands/settings.hpp"
#include "probe/environment.hpp"
#include "system/world.hpp"

namespace wheelfit::commands {

struct BuildSource {
  catalog::Recipe recipe;
  catalog::SourceDistribution sdist;
  std::optional<std::filesystem::path> file;  // it lies here already
};

// A requirement of a package that can be built, or a source distribution as a file. Throws Error{usage} for
// what is neither, Error{refused} where no version can be built, Error{unreachable} where the index cannot be
// asked.
BuildSource build_source(const std::string& subject, const probe::Environment& environment,
                         const catalog::Knowledge& knowledge, const Settings& settings, system::World& world,
                         system::HttpClient* http, Reporter& report);

struct BuildOrder {
  const probe::Environment& environment;
  const BuildSource& source;
  const catalog::BuildRecipe& recipe;
  std::vector<python::Version> capabilities;
  std::string label;  // "cu130torch2.12sm80.nobackward"
  build::Tools tools;
  std::vector<build::Obstacle> obstacles;
};

// Looks at the compilers. Throws Error{usage} where it is not said what GPUs to build for and none is here,
// or for a part that this version has not; Error{refused} where it cannot be built for one of the GPUs.
BuildOrder build_order(const BuildSource& source, const probe::Environment& environment,
                       const BuildSettings& settings, system::World& world);

// `sha256` of the source. The order must have no obstacles.
build::BuildKey key_of(const BuildOrder& order, const std::string& sha256, const BuildSettings& settings);

}  // namespace wheelfit::commands
