// SPDX-License-Identifier: Apache-2.0
// From a source distribution to a wheel in the store: forecast, compile, link, prove. One screen below.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "build/compile.hpp"
#include "build/forecast.hpp"
#include "commands/build_order.hpp"
#include "commands/decide.hpp"
#include "commands/examine.hpp"
#include "commands/obtain.hpp"
#include "fetch/fetch.hpp"

namespace wheelfit::commands {

struct BuildResult {
  build::BuildKey key;
  build::Forecast forecast;
  std::vector<build::Compiled> compiled;    // in this run
  std::size_t from_before = 0;              // units that an earlier, ended run had compiled
  double seconds = 0;                       // of this run, setup.py and all
  std::string launcher;                     // "ccache"; "" for none
  bool found = false;                       // the same wheel was built before: nothing was done
  std::optional<fetch::FetchedFile> wheel;  // nullopt: dry run
  std::string file_name;
  std::filesystem::path folder;  // of the build
  std::filesystem::path log;
  std::optional<proof::WheelProof> proof;
};

// The order must have no obstacles. Where it is a dry run, the source is unpacked and asked, and that is all.
// Throws Error{refused} with the explained cause and the log's end where it cannot be compiled or linked, or
// where the wheel is not what was ordered; Error{machine} for want of memory or room.
BuildResult build_wheel(const BuildOrder& order, const catalog::Knowledge& knowledge,
                        const fetch::Store& store, const Settings& settings, system::World& world,
                        system::HttpClient* http, Reporter& report);

bool takes_build(const Decided& decided);

// What was chosen to be built, built and judged as a wheel. Throws as build_wheel() does, and Error{refused}
// for the first thing that stands in the way.
Obtained build_for(const Decided& decided, const probe::Environment& environment,
                   const catalog::Knowledge& knowledge, const fetch::Store& store, const Settings& settings,
                   system::World& world, system::HttpClient* http, Reporter& report);

}  // namespace wheelfit::commands
