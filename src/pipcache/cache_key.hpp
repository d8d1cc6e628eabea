// SPDX-License-Identifier: Apache-2.0
// Where in its cache pip looks for a wheel that it once built from a link. Relative directories
// ("wheels/42/31/1f/4b22…", docs/formats/pip-cache.md). Platform, torch and CUDA are no part of the key.
// Pure.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "pipcache/link.hpp"
#include "python/version.hpp"

namespace wheelfit::pipcache {

struct KeyInterpreter {
  std::string name = "cp";  // "cp", "pp", else sys.implementation.name
  std::string version;      // py_version_nodot: "311"; a free-threaded 3.13 is "313" too

  friend bool operator==(const KeyInterpreter&, const KeyInterpreter&) = default;
};

// `implementation`: sys.implementation.name ("cpython").
KeyInterpreter key_interpreter(std::string_view implementation, const python::Version& version);

// Since pip 20.0.
std::filesystem::path key_directory(const Link& link, const KeyInterpreter& interpreter);
// Up to 20.x: one for all interpreters.
std::filesystem::path legacy_key_directory(const Link& link);

// All in which `pip` looks, the one that it writes to first. `link` is as this pip holds it.
std::vector<std::filesystem::path> key_directories(const Link& link, const KeyInterpreter& interpreter,
                                                   const python::Version& pip);

// The same for a link as it is written, fragment and all, and what a JSON page says beside it. Empty where
// this pip raises on the link.
std::vector<std::filesystem::path> key_directories(std::string_view verbatim,
                                                   const std::vector<Hash>& page_hashes,
                                                   const KeyInterpreter& interpreter,
                                                   const python::Version& pip);

}  // namespace wheelfit::pipcache
