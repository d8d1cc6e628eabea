// SPDX-License-Identifier: Apache-2.0
// The drawing of progress: counts and times in, one line out. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "render/style.hpp"

namespace wheelfit::render {

struct Progress {
  std::string what;  // already in the user's language
  std::uint64_t done = 0;
  std::optional<std::uint64_t> total;
  double elapsed_seconds = 0;
  double per_second = 0;     // lately; 0: not known yet
  std::uint64_t before = 0;  // of `done`: what an earlier run had done
  // What the worker itself says, where it knows more than the count does.
  struct Now {
    std::string words;  // "flash_fwd_hdim64_bf16_sm80.cu"
    std::uint64_t memory_bytes = 0;
    double seconds_left = 0;
  };
  std::optional<Now> now{};
};

// Counts of 100 000 and more are bytes; fewer are steps ("12/40"), for which sizes and speeds mean nothing.
bool counts_bytes(const Progress& progress) noexcept;

// For a terminal, narrower than the style's width: "Downloading x  [######----]  60%  110/183 MB  15 MB/s  5
// s left". What does not fit is left out, least important first; `what` is elided last.
std::string progress_line(const Progress& progress, const Style& style);

// For a log: "Downloading x: 60 % of 183 MB, 15 MB/s".
std::string progress_report(const Progress& progress, const Style& style);
// For its end: "Downloading x: 183 MB in 12 s (15 MB/s)".
std::string progress_summary(const Progress& progress, const Style& style);

// Whether a log deserves a further line: 10 % more than at the last one, or 5 s later (a twentieth of the
// time where that is more, up to a minute); never two in one second.
struct LogMark {
  double seconds = 0;
  std::uint64_t done = 0;
};
bool log_line_due(const Progress& progress, const LogMark& last) noexcept;

// Speed over the last few seconds, so that it follows the network and not its history.
class SpeedMeter {
 public:
  void add(double seconds, std::uint64_t done);
  double per_second() const noexcept;

 private:
  struct Sample {
    double seconds;
    std::uint64_t done;
  };
  std::deque<Sample> samples_;
};

}  // namespace wheelfit::render
