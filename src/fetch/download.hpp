// SPDX-License-Identifier: Apache-2.0
// Brings a partial file to its end: over as many connections, to as many sources and in as many attempts as
// it takes while there is progress.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/reporter.hpp"
#include "fetch/fetch.hpp"
#include "fetch/partial_file.hpp"

namespace wheelfit::fetch {

struct Downloaded {
  std::string sha256;
  std::uint64_t size = 0;
  std::uint64_t transferred = 0;
  std::vector<std::size_t> sources;  // that brought bytes in this run, by their place among the addresses
  bool resumed = false;              // some of the bytes are from an earlier run
};

// Bytes of several addresses are put together only where the sha256 of `artifact` is known. Throws as fetch()
// does, but for the sha256, which is the caller's to compare. What has come stays in `partial`.
Downloaded download(const Artifact& artifact, const std::vector<Address>& addresses, PartialFile& partial,
                    system::HttpClient& http, system::Clock& clock, Reporter& report, const Limits& limits);

}  // namespace wheelfit::fetch
