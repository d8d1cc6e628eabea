// SPDX-License-Identifier: Apache-2.0
#include "render/progress_reporter.hpp"

#include <utility>

namespace wheelfit::render {
namespace {

using Seconds = std::chrono::duration<double>;
constexpr std::chrono::milliseconds redraw_interval(100);
constexpr double worth_a_line = 1;  // seconds; in a log, shorter work is left unsaid

// Reporting must never end the work it reports on: what cannot be said is left unsaid.
template <typename Function>
void never_throwing(Function&& function) noexcept {
  try {
    std::forward<Function>(function)();
  } catch (...) {  // out of memory while writing a line about it
  }
}

}  // namespace

ProgressReporter::ProgressReporter(Output& output, ProgressOptions options, Now now)
    : output_(output), options_(std::move(options)), now_(std::move(now)) {}

ProgressReporter::~ProgressReporter() {
  never_throwing([this] { clear_line(); });
}

void ProgressReporter::started(const Text& what, std::optional<std::uint64_t> total) noexcept {
  never_throwing([&] {
    const std::lock_guard lock(mutex_);
    const auto now = now_();
    work_ = Work{{said(what, options_.style), 0, total, 0, 0, 0}, now, now, {}, {}, false};
    work_->speed.add(0, 0);
    if (!shows_progress()) return;
    if (options_.live) draw(*work_);
  });
}

void ProgressReporter::progressed(std::uint64_t done) noexcept {
  never_throwing([&] {
    const std::lock_guard lock(mutex_);
    if (!work_) return;
    const auto now = now_();
    Progress& progress = work_->progress;
    progress.done = done;
    progress.elapsed_seconds = Seconds(now - work_->began).count();
    if (now - work_->drawn < redraw_interval) return;
    work_->drawn = now;
    work_->speed.add(progress.elapsed_seconds, done);
    progress.per_second = work_->speed.per_second();
    if (!shows_progress()) return;
    if (options_.live) {
      draw(*work_);
    } else if (progress.elapsed_seconds >= worth_a_line && log_line_due(progress, work_->logged)) {
      say_begun(*work_);
      say(progress_report(progress, options_.style));
      work_->logged = {progress.elapsed_seconds, done};
    }
  });
}

void ProgressReporter::resumed(std::uint64_t done) noexcept {
  never_throwing([&] {
    const std::lock_guard lock(mutex_);
    if (!work_) return;
    Progress& progress = work_->progress;
    progress.done = progress.before = done;
    work_->logged.done = done;
    work_->speed = {};
    work_->speed.add(Seconds(now_() - work_->began).count(), done);
    if (shows_progress() && options_.live) draw(*work_);
  });
}

void ProgressReporter::at(const Text& what, const WorkNow& now) noexcept {
  never_throwing([&] {
    const std::lock_guard lock(mutex_);
    if (work_)
      work_->progress.now = Progress::Now{said(what, options_.style), now.memory_bytes, now.seconds_left};
  });
}

void ProgressReporter::detail(const Text& line) noexcept {
  if (options_.loudness == Loudness::verbose) note(line);
}

void ProgressReporter::finished() noexcept {
  never_throwing([&] {
    const std::lock_guard lock(mutex_);
    if (!work_) return;
    clear_line();
    Work work = *std::exchange(work_, std::nullopt);
    work.progress.elapsed_seconds = Seconds(now_() - work.began).count();
    const Progress& progress = work.progress;
    const bool verbose = options_.loudness == Loudness::verbose;
    const bool long_work = shows_progress() && progress.elapsed_seconds >= worth_a_line;
    if (verbose || (!options_.live && long_work)) say(progress_summary(progress, options_.style));
  });
}

void ProgressReporter::note(const Text& line) noexcept {
  never_throwing([&] {
    const std::lock_guard lock(mutex_);
    if (options_.loudness == Loudness::quiet) return;
    say(said(line, options_.style));
  });
}

void ProgressReporter::warning(const Text& line) noexcept {
  never_throwing([&] {
    const std::lock_guard lock(mutex_);
    warned_ = true;
    const std::string label =
        painted(said(text("warning"), options_.style) + ":", Tone::doubtful, options_.style);
    say(label + " " + said(line, options_.style));
  });
}

bool ProgressReporter::warned() const noexcept {
  const std::lock_guard lock(mutex_);
  return warned_;
}

// A line above the live one, which the next progress draws again.
void ProgressReporter::say(const std::string& line) {
  clear_line();
  output_.message(line + "\n");
}

// In a log: the name of the work, once it has lasted long enough to be worth lines.
void ProgressReporter::say_begun(Work& work) {
  if (!std::exchange(work.named, true)) say(work.progress.what);
}

void ProgressReporter::draw(const Work& work) {
  output_.message("\r" + progress_line(work.progress, options_.style) + "\x1b[K");
  line_drawn_ = true;
}

void ProgressReporter::clear_line() {
  if (!std::exchange(line_drawn_, false)) return;
  output_.message("\r\x1b[K");
}

}  // namespace wheelfit::render
