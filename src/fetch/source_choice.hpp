// SPDX-License-Identifier: Apache-2.0
// Which of several sources of one file to ask, and which to leave. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace wheelfit::fetch {

struct SourceState {
  enum class Standing {
    untried,
    asked,      // nothing of the file has come yet
    answering,  // it has brought bytes in this run
    pausing,    // it failed and will be asked again
    left,       // it can serve, but another one is much faster
    failed,     // for good
  };
  Standing standing = Standing::untried;
  double quiet = 0;             // seconds since it was asked, or has last brought anything
  double flowing = 0;           // seconds since its first byte
  double bytes_per_second = 0;  // lately, over all of its connections
  int connections = 0;
  int most = 1;  // connections that it allows

  friend bool operator==(const SourceState&, const SourceState&) = default;
};

struct Advice {
  std::optional<std::size_t> join;  // to be asked now, beside those that are asked already
  std::vector<std::size_t> leave;   // to be given no more work: it takes longer than another one would

  friend bool operator==(const Advice&, const Advice&) = default;
};

// Sources are asked in their order, and the next joins while an earlier one is still awaited: after a third
// of a second without an answer, after half a second of a trickle. `since_join`: seconds since the last one
// was asked.
Advice advise(const std::vector<SourceState>& sources, double since_join, std::uint64_t bytes_missing);

// Which source is to have one more connection: the one that brings most on each. nullopt: none.
std::optional<std::size_t> source_for_more(const std::vector<SourceState>& sources);

// Whether who has brought nothing for so long should lose its work to another.
bool is_stalled(double quiet, bool answered) noexcept;

}  // namespace wheelfit::fetch
