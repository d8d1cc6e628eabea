// SPDX-License-Identifier: Apache-2.0
#include "render/verify_words.hpp"

#include <algorithm>
#include <utility>

#include "render/display_width.hpp"
#include "render/units.hpp"

namespace wheelfit::render {
namespace {

using verify::Check;
using verify::CheckResult;

std::string in_words(const Check& check, const Style& style) {
  const std::string detail = said(check.detail, style);
  return detail.empty() ? check.name : check.name + ": " + detail;
}

void add_checks(const verify::Report& report, CheckResult result, const Text& label, Tone tone,
                const Style& style, Page& page) {
  bool first = true;
  for (const Check& check : report.checks) {
    if (check.result != result) continue;
    if (std::exchange(first, false)) {
      page.field(label, in_words(check, style), tone);
    } else {
      page.more(in_words(check, style), tone);
    }
  }
}

void add_passed(const verify::Report& report, const Style& style, Page& page) {
  constexpr std::size_t named = 4;
  std::vector<std::string> names;
  for (const Check& check : report.checks) {
    if (check.result == CheckResult::passed) names.push_back(check.name);
  }
  if (names.empty()) return;
  const std::size_t count = names.size();
  std::string words = said(plural(count, text("{} check", count), text("{} checks", count)), style) + ": ";
  for (std::size_t at = 0; at < std::min(named, count); ++at) words += (at == 0 ? "" : ", ") + names[at];
  page.field(text("passed"), count > named ? words + ", …" : words, Tone::good);
}

// Milliseconds with three digits: "0.412 ms", "12.3 ms".
std::string milliseconds(double value) {
  return value < 1    ? fmt::format("{:.3f} ms", value)
         : value < 10 ? fmt::format("{:.2f} ms", value)
                      : fmt::format("{:.1f} ms", value);
}

std::string ratio(const verify::Timing& timing, const Style& style) {
  if (timing.milliseconds <= 0) return "";
  return said(text("{} times as fast", fmt::format("{:.2f}", timing.sdpa_milliseconds / timing.milliseconds)),
              style);
}

void add_timings(const verify::Report& report, const Style& style, Page& page) {
  if (report.timings.empty()) return;
  int shape = 0;
  for (const verify::Timing& timing : report.timings) shape = std::max(shape, display_width(timing.shape));
  page.blank();
  page.line(said(text("Forward pass on {}, against torch's own attention", report.gpu), style), Tone::strong);
  for (const verify::Timing& timing : report.timings) {
    page.verbatim("  " + padded(timing.shape, shape) +
                  fmt::format("  {:>9}  {:>9}  ", milliseconds(timing.milliseconds),
                              milliseconds(timing.sdpa_milliseconds)) +
                  ratio(timing, style));
  }
}

}  // namespace

void add_verification(const verify::Report& report, const Style& style, Page& page) {
  add_checks(report, CheckResult::failed, text("failed"), Tone::bad, style, page);
  add_passed(report, style, page);
  add_checks(report, CheckResult::not_checked, text("not checked"), Tone::doubtful, style, page);
  bool first = true;
  for (const Text& missing : report.not_proven) {
    if (std::exchange(first, false)) {
      page.field(text("not proven"), said(missing, style), Tone::doubtful);
    } else {
      page.more(said(missing, style), Tone::doubtful);
    }
  }
  add_timings(report, style, page);
}

}  // namespace wheelfit::render
