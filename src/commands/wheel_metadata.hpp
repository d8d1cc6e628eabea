// SPDX-License-Identifier: Apache-2.0
// What a wheel says of itself, wherever it is, with as little of it as that takes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/reporter.hpp"
#include "catalog/candidate.hpp"
#include "catalog/recipe.hpp"
#include "fetch/fetch.hpp"
#include "python/metadata.hpp"
#include "system/clock.hpp"
#include "system/http.hpp"

namespace wheelfit::commands {

// From its file, from the store, from what the index keeps beside it (PEP 658), else by ranges. nullopt where
// none of that can be done: only the whole wheel would tell. `http` may be null when offline. Throws
// Error{unreachable}, and Error{refused} for a bad archive.
std::optional<python::Metadata> metadata_of(const catalog::Candidate& candidate, const fetch::Store& store,
                                            system::HttpClient* http, system::Clock& clock);

// Requires-Dist of that METADATA, else what is known of wheels of its kind; nullopt where neither is.
std::optional<std::vector<std::string>> requirements_of(const catalog::Candidate& candidate,
                                                        const catalog::Recipe& recipe,
                                                        const fetch::Store& store, system::HttpClient* http,
                                                        system::Clock& clock);

// Bytes of the file itself, and of what it unpacks to on a disk.
struct WheelSize {
  std::uint64_t packed = 0;
  std::uint64_t unpacked = 0;
  std::uint64_t python = 0;  // of these, Python's sources
};

// From the wheel's directory. nullopt and errors as of metadata_of().
std::optional<WheelSize> size_of_wheel(const catalog::Candidate& candidate, const fetch::Store& store,
                                       system::HttpClient* http, system::Clock& clock);

}  // namespace wheelfit::commands
