// SPDX-License-Identifier: Apache-2.0
// Draws what the stages report on the message stream: one live line on a terminal, plain lines elsewhere.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "base/reporter.hpp"
#include "render/output.hpp"
#include "render/progress_line.hpp"
#include "render/style.hpp"

namespace wheelfit::render {

enum class Loudness {
  quiet,  // warnings only
  normal,
  verbose,  // finished work leaves a line with its time, also on a terminal; details are said
};

struct ProgressOptions {
  bool live = false;  // the message stream is a terminal that can redraw a line
  Loudness loudness = Loudness::normal;
  Style style;
};

// Thread-safe; no call throws.
class ProgressReporter final : public Reporter {
 public:
  using Now = std::function<std::chrono::steady_clock::time_point()>;

  ProgressReporter(Output& output, ProgressOptions options, Now now = std::chrono::steady_clock::now);
  ~ProgressReporter() override;  // clears the live line

  void started(const Text& what, std::optional<std::uint64_t> total) noexcept override;
  void progressed(std::uint64_t done) noexcept override;
  void resumed(std::uint64_t done) noexcept override;
  void at(const Text& what, const WorkNow& now) noexcept override;
  void finished() noexcept override;
  void note(const Text& line) noexcept override;
  void warning(const Text& line) noexcept override;
  void detail(const Text& line) noexcept override;

  // Whether a warning was given: a command that is done then ends with exit 1.
  bool warned() const noexcept;

 private:
  struct Work {
    Progress progress;
    std::chrono::steady_clock::time_point began;
    std::chrono::steady_clock::time_point drawn;  // or considered
    SpeedMeter speed;
    LogMark logged;
    bool named = false;  // in a log
  };
  bool shows_progress() const noexcept { return options_.loudness != Loudness::quiet; }
  void say(const std::string& line);
  void say_begun(Work& work);
  void draw(const Work& work);
  void clear_line();

  Output& output_;
  ProgressOptions options_;
  Now now_;
  mutable std::mutex mutex_;
  std::optional<Work> work_;
  bool line_drawn_ = false;
  bool warned_ = false;
};

}  // namespace wheelfit::render
