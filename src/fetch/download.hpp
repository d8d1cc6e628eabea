// SPDX-License-Identifier: Apache-2.0
// Brings a partial file to its end, in as many attempts as it takes while there is progress.
#pragma once

#include <cstdint>

#include "base/reporter.hpp"
#include "fetch/fetch.hpp"
#include "fetch/partial_file.hpp"

namespace wheelfit::fetch {

// Returns the bytes transferred. Throws as fetch() does; a wrong size or range discards what there was.
std::uint64_t download(const Artifact& artifact, PartialFile& partial, system::HttpClient& http,
                       system::Clock& clock, Reporter& report, const Limits& limits);

}  // namespace wheelfit::fetch
