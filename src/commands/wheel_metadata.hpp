// SPDX-License-Identifier: Apache-2.0
// METADATA of a wheel, wherever the wheel is, with as little of it as that takes.
#pragma once

#include <optional>

#include "base/reporter.hpp"
#include "catalog/candidate.hpp"
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

}  // namespace wheelfit::commands
