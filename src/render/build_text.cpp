// SPDX-License-Identifier: Apache-2.0
#include "build/compiler_arguments.hpp"
#include "render/build.hpp"
#include "render/page.hpp"
#include "render/units.hpp"

namespace wheelfit::render {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

std::string architectures(const BuildView& view) {
  std::vector<std::string> names;
  for (const python::Version& each : view.capabilities)
    names.push_back("sm_" + build::architecture_number(each));
  return joined(names);
}

void add_conclusion(const BuildView& view, const Style& style, Page& page) {
  if (view.wheel == nullptr) {
    page.line(said(text("{} {} can be built here", view.package, view.version), style), Tone::good);
  } else if (view.found) {
    page.line(said(text("{} was built before", view.file_name), style), Tone::good);
  } else {
    page.line(said(text("{} is built", view.file_name), style), Tone::good);
  }
  page.blank();
}

void add_forecast(const BuildView& view, const Style& style, Page& page) {
  const build::Forecast& forecast = view.forecast;
  page.field(
      text("would take"),
      said(text("{}, {} files at once", said(duration_text(forecast.seconds), style), forecast.jobs), style));
  page.more(said(text("{} of memory", bytes_text(forecast.peak_bytes)), style));
  page.more(said(
      text("{} of disk in {}", bytes_text(forecast.build_bytes), view.folder.parent_path().string()), style));
  page.more(
      said(text("{} for the wheel, and again in site-packages", bytes_text(forecast.wheel_bytes)), style));
  page.field(text("files"),
             said(text("{} of {} still to compile", forecast.units_left, forecast.units), style));
}

void add_work(const BuildView& view, const Style& style, Page& page) {
  std::string words =
      said(text("{} files in {}", view.compiled.size(), said(duration_text(view.seconds), style)), style);
  if (!view.launcher.empty()) words += ", " + said(text("through {}", view.launcher), style);
  page.field(text("compiled"), words);
  if (view.from_before != 0)
    page.more(said(text("{} more were compiled by an earlier run", view.from_before), style));
  page.field(text("foreseen"), said(duration_text(view.forecast.seconds), style));
}

void add_proof(const BuildView& view, const Style& style, Page& page) {
  if (view.proof == nullptr) return;
  if (view.proof->verdict == proof::Verdict::fits) {
    page.field(text("proven"), said(text("every symbol that it needs is exported here"), style), Tone::good);
    return;
  }
  page.field(text("proven"), said(text("not proven"), style), Tone::doubtful);
  for (const Reason& reason : view.proof->reasons) page.under(said(reason.text, style), Tone::doubtful);
}

}  // namespace

std::string build_text(const BuildView& view, const Style& style) {
  Page page(style);
  add_conclusion(view, style, page);
  page.field(text("for"), architectures(view));
  if (!view.by_variable)
    page.under(said(
        text("no variable of this release limits it: the others are taken out of nvcc's arguments"), style));
  if (!view.without.empty()) page.field(text("without"), joined(view.without));
  if (view.wheel == nullptr) {
    add_forecast(view, style, page);
    return page.text();
  }
  if (!view.found) add_work(view, style, page);
  add_proof(view, style, page);
  page.field(text("wheel"), view.wheel->path.string(), Tone::plain, bytes_text(view.wheel->size));
  page.blank();
  page.verbatim("wheelfit install " + view.wheel->path.string());
  return page.text();
}

std::string obstacles_text(const BuildObstaclesView& view, const Style& style) {
  Page page(style);
  page.line(said(text("{} {} cannot be built here", view.package, view.version), style), Tone::bad);
  for (const build::Obstacle& obstacle : view.obstacles) {
    page.blank();
    page.line(said(obstacle.sentence, style), Tone::bad);
    for (const Text& cure : obstacle.cures) page.verbatim("  -> " + said(cure, style));
  }
  return page.text();
}

}  // namespace wheelfit::render
