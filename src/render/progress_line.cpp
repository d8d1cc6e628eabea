// SPDX-License-Identifier: Apache-2.0
#include "render/progress_line.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "render/display_width.hpp"
#include "render/units.hpp"

namespace wheelfit::render {
namespace {

constexpr std::uint64_t least_bytes = 100'000;
constexpr int least_what = 24;  // columns that the name of the work keeps

double fraction(const Progress& progress) noexcept {
  if (!progress.total || *progress.total == 0) return 0;
  return std::min(1.0, static_cast<double>(progress.done) / static_cast<double>(*progress.total));
}

std::string count(const Progress& progress, std::uint64_t amount) {
  return counts_bytes(progress) ? bytes_text(amount) : std::to_string(amount);
}

// "110/183 MB": the unit once where both have the same.
std::string amounts(const Progress& progress) {
  const std::string done = count(progress, progress.done);
  if (!progress.total) return progress.done == 0 ? "" : done;
  const std::string total = count(progress, *progress.total);
  const std::size_t done_unit = done.find(' ');
  const std::size_t total_unit = total.find(' ');
  const bool same = done_unit != std::string::npos && total_unit != std::string::npos &&
                    done.substr(done_unit) == total.substr(total_unit);
  return (same ? done.substr(0, done_unit) : done) + "/" + total;
}

std::string bar(double part) {
  constexpr int cells = 20;
  const auto full = static_cast<std::size_t>(std::lround(part * cells));
  return "[" + std::string(full, '#') + std::string(cells - full, '-') + "]";
}

std::string percent(const Progress& progress) {
  return fmt::format("{:.0f}%", std::floor(fraction(progress) * 100));
}

std::string speed(const Progress& progress) {
  return counts_bytes(progress) && progress.per_second > 0 ? speed_text(progress.per_second) : "";
}

std::string time_left(const Progress& progress, const Style& style) {
  if (progress.now) {
    return said(text("{} left", said(duration_text(std::ceil(progress.now->seconds_left)), style)), style);
  }
  if (!progress.total || progress.per_second <= 0 || progress.done >= *progress.total) return "";
  const double seconds = static_cast<double>(*progress.total - progress.done) / progress.per_second;
  return said(text("{} left", said(duration_text(std::ceil(seconds)), style)), style);
}

std::string memory(const Progress& progress) {
  return progress.now && progress.now->memory_bytes > 0 ? bytes_text(progress.now->memory_bytes) : "";
}

// Present parts with the order in which they are given up when the line is too long (highest first).
struct Part {
  std::string words;
  int expendable = 0;
};

int columns_of(const std::vector<Part>& parts) {
  int columns = 0;
  for (const Part& part : parts) columns += display_width(part.words) + 2;
  return columns;
}

}  // namespace

bool counts_bytes(const Progress& progress) noexcept {
  return std::max(progress.total.value_or(0), progress.done) >= least_bytes;
}

std::string progress_line(const Progress& progress, const Style& style) {
  std::vector<Part> parts;
  const auto add = [&parts](std::string words, int expendable) {
    if (!words.empty()) parts.push_back({std::move(words), expendable});
  };
  if (progress.total) {
    add(bar(fraction(progress)), 4);
    add(percent(progress), 1);
  }
  add(amounts(progress), 2);
  add(speed(progress), 3);
  add(time_left(progress, style), progress.total ? 2 : 1);
  add(memory(progress), 3);
  if (progress.now) add(progress.now->words, 5);
  // One column stays free: a terminal that is full to the last column wraps.
  const int room = style.width - 1;
  const int what = std::min(display_width(progress.what), least_what);
  while (!parts.empty() && what + columns_of(parts) > room) {
    parts.erase(std::max_element(parts.begin(), parts.end(), [](const Part& left, const Part& right) {
      return left.expendable < right.expendable;
    }));
  }
  std::string line = elided(progress.what, room - columns_of(parts));
  for (const Part& part : parts) line += "  " + part.words;
  return line;
}

std::string progress_report(const Progress& progress, const Style& style) {
  std::string words = progress.what + ": ";
  if (progress.total) {
    words += said(text("{} of {}", percent(progress), count(progress, *progress.total)), style);
  } else {
    words += count(progress, progress.done);
  }
  if (progress.now) {
    words = progress.what + ": " + said(text("{} of {}", progress.done, *progress.total), style) + ", " +
            time_left(progress, style) + ", " + said(text("{} of memory", memory(progress)), style);
    return progress.now->words.empty() ? words : words + ", " + progress.now->words;
  }
  const std::string rate = speed(progress);
  return rate.empty() ? words : words + ", " + rate;
}

std::string progress_summary(const Progress& progress, const Style& style) {
  const std::string time = said(duration_text(progress.elapsed_seconds), style);
  if (!counts_bytes(progress)) return progress.what + ": " + time;
  const std::uint64_t here = progress.done - std::min(progress.done, progress.before);
  const std::string amount = bytes_text(here);
  const std::string sentence = said(text("{} in {}", amount, time), style);
  if (progress.elapsed_seconds <= 0) return progress.what + ": " + sentence;
  const double average = static_cast<double>(here) / progress.elapsed_seconds;
  return progress.what + ": " + sentence + " (" + speed_text(average) + ")";
}

bool log_line_due(const Progress& progress, const LogMark& last) noexcept {
  const double waited = progress.elapsed_seconds - last.seconds;
  if (waited >= std::clamp(progress.elapsed_seconds / 20, 5.0, 60.0)) return true;
  if (waited < 1 || !progress.total) return false;
  return progress.done >= last.done && (progress.done - last.done) * 10 >= *progress.total;
}

void SpeedMeter::add(double seconds, std::uint64_t done) {
  constexpr double window = 3;
  if (!samples_.empty() && done < samples_.back().done) samples_.clear();  // it began anew
  samples_.push_back({seconds, done});
  while (samples_.size() > 2 && seconds - samples_[1].seconds >= window) samples_.pop_front();
}

double SpeedMeter::per_second() const noexcept {
  if (samples_.size() < 2) return 0;
  const double seconds = samples_.back().seconds - samples_.front().seconds;
  if (seconds <= 0) return 0;
  return static_cast<double>(samples_.back().done - samples_.front().done) / seconds;
}

}  // namespace wheelfit::render
