// SPDX-License-Identifier: Apache-2.0
// What the options say about building; a plain value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "build/compiler_cache.hpp"
#include "python/version.hpp"

namespace wheelfit::commands {

struct BuildSettings {
  std::vector<python::Version> capabilities;  // --arch; empty: those of the GPUs that are here
  std::vector<std::string> without;           // --without: names of parts
  unsigned jobs = 0;                          // --jobs; 0: as many as cores and memory bear
  std::uint64_t memory = 0;                   // --memory, bytes; 0: what there is
  build::CompilerCache cache = build::CompilerCache::automatic;
  bool again = false;  // --again: though the same wheel was built before
  bool keep = false;   // --keep-build: the build directory stays
};

// "8.0", "sm_90", "sm90"; nullopt for anything else.
std::optional<python::Version> parse_capability(const std::string& word);

}  // namespace wheelfit::commands
