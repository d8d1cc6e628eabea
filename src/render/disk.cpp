// SPDX-License-Identifier: Apache-2.0
#include "render/disk.hpp"

#include <nlohmann/json.hpp>

#include "render/environment_words.hpp"
#include "render/page.hpp"
#include "render/units.hpp"

namespace wheelfit::render {
namespace {

using diagnose::Holding;
using diagnose::HoldingKind;

Text name_of(HoldingKind kind) {
  switch (kind) {
    case HoldingKind::temporary:
      return text("left temporary files");
    case HoldingKind::store_listings:
      return text("listings in the store");
    case HoldingKind::apt_archives:
      return text("packages that apt keeps");
    case HoldingKind::apt_lists:
      return text("apt's package lists");
    case HoldingKind::bytecode:
      return text("__pycache__");
    case HoldingKind::pip_http:
      return text("pip's downloads");
    case HoldingKind::uv_cache:
      return text("uv's cache");
    case HoldingKind::store_partial:
      return text("cut-off downloads");
    case HoldingKind::store_wheels:
      return text("wheels in the store");
    case HoldingKind::builds:
      return text("build directories");
    case HoldingKind::pip_wheels:
      return text("pip's own wheels");
  }
  return {};
}

// What it costs to be without it.
Text loss_of(HoldingKind kind) {
  switch (kind) {
    case HoldingKind::temporary:
      return text("nobody uses them any more");
    case HoldingKind::store_listings:
    case HoldingKind::apt_lists:
      return text("fetched again when they are wanted: seconds");
    case HoldingKind::bytecode:
      return text("made again by the next import");
    case HoldingKind::apt_archives:
    case HoldingKind::pip_http:
    case HoldingKind::uv_cache:
    case HoldingKind::store_partial:
    case HoldingKind::store_wheels:
      return text("downloaded again when they are wanted");
    case HoldingKind::builds:
      return text("a build begins anew: hours");
    case HoldingKind::pip_wheels:
      return text("built or seeded again when they are wanted");
  }
  return {};
}

std::string where(const Holding& holding, const Style& style) {
  const std::string first = holding.paths.front().string();
  const std::size_t more = holding.paths.size() - 1;
  return more == 0 ? first : said(text("{} and {} more", first, more), style);
}

void add_holdings(const DiskView& view, const Style& style, Page& page) {
  for (const Holding& holding : view.holdings) {
    std::vector<std::string> words{
        bytes_text(holding.bytes),
        said(plural(holding.files, text("{} file", holding.files), text("{} files", holding.files)), style)};
    if (holding.frees != holding.bytes)
      words.push_back(
          said(text("frees {}: the rest has other names, too", bytes_text(holding.frees)), style));
    words.push_back(said(loss_of(holding.kind), style));
    page.field(name_of(holding.kind), listed(words, style), Tone::plain,
               listed({where(holding, style), holding.filesystem}, style));
    page.under(diagnose::command_for(holding, view.as_root), Tone::good);
  }
}

void add_filesystems(const DiskView& view, const Style& style, Page& page) {
  for (const SeenFilesystem& seen : view.filesystems)
    page.field(text("free"), bytes_text(seen.disk.free_bytes), Tone::plain,
               listed({seen.disk.filesystem, seen.path.string()}, style));
}

void add_commands(const DiskView& view, const Style& style, Page& page) {
  for (const GivenUp& step : view.steps)
    page.verbatim(diagnose::command_for(step.holding, view.as_root) + "   # " +
                      bytes_text(step.holding.frees) + ": " + said(name_of(step.holding.kind), style),
                  Tone::strong);
}

void add_done(const DiskView& view, const Style& style, Page& page) {
  for (const GivenUp& step : view.steps)
    page.field(name_of(step.holding.kind), said(text("{} freed", bytes_text(step.freed)), style),
               step.done ? Tone::plain : Tone::doubtful, where(step.holding, style));
}

// As an argument.
std::string without_blank(std::string words) {
  std::erase(words, ' ');
  return words;
}

std::string done_text(const DiskView& view, const Style& style) {
  Page page(style);
  const std::uint64_t freed = view.freed();
  const bool enough = freed >= *view.wanted;
  page.line(said(enough ? text("{} were freed", bytes_text(freed))
                        : text("{} were freed, {} were wanted", bytes_text(freed), bytes_text(*view.wanted)),
                 style),
            enough ? Tone::good : Tone::doubtful);
  page.blank();
  add_done(view, style, page);
  add_filesystems(view, style, page);
  if (!enough && view.reachable > freed) {
    page.blank();
    page.line(said(text("What only you may give up is shown by `wheelfit doctor --free {}`",
                        without_blank(bytes_text(*view.wanted - freed))),
                   style));
  }
  return page.text();
}

std::string proposal_text(const DiskView& view, const Style& style) {
  Page page(style);
  const std::uint64_t foretold = view.foretold();
  const bool enough = foretold >= *view.wanted;
  page.line(
      said(enough ? text("{} can be freed, the least loss first:", bytes_text(foretold))
                  : text("Only {} of {} can be freed here:", bytes_text(foretold), bytes_text(*view.wanted)),
           style),
      enough ? Tone::good : Tone::doubtful);
  page.blank();
  add_commands(view, style, page);
  if (!view.steps.empty()) page.blank();
  add_filesystems(view, style, page);
  page.blank();
  page.line(
      said(text("--yes does it with the caches alone: nothing of the environment, nothing by sudo"), style));
  return page.text();
}

nlohmann::ordered_json holding_json(const Holding& holding, bool as_root) {
  nlohmann::ordered_json row;
  row["kind"] = diagnose::to_string(holding.kind);
  row["what"] = name_of(holding.kind).english();
  row["paths"] = nlohmann::ordered_json::array();
  for (const auto& path : holding.paths) row["paths"].push_back(path.string());
  row["files"] = holding.files;
  row["bytes"] = holding.bytes;
  row["frees_bytes"] = holding.frees;
  row["filesystem"] = holding.filesystem;
  row["loss"] = loss_of(holding.kind).english();
  row["command"] = diagnose::command_for(holding, as_root);
  row["by"] = diagnose::to_string(diagnose::freed_by(holding.kind));
  return row;
}

}  // namespace

std::uint64_t DiskView::freed() const noexcept {
  std::uint64_t bytes = 0;
  for (const GivenUp& step : steps) bytes += step.freed;
  return bytes;
}

std::uint64_t DiskView::foretold() const noexcept {
  std::uint64_t bytes = 0;
  for (const GivenUp& step : steps) bytes += step.holding.frees;
  return bytes;
}

std::string disk_text(const DiskView& view, const Style& style) {
  if (view.did) return done_text(view, style);
  if (view.wanted) return proposal_text(view, style);
  Page page(style);
  std::uint64_t all = 0;
  for (const Holding& holding : view.holdings) all += holding.frees;
  page.line(view.holdings.empty()
                ? said(text("Nothing that could be done without was found"), style)
                : said(text("{} could be freed, the least loss first:", bytes_text(all)), style));
  page.blank();
  add_holdings(view, style, page);
  add_filesystems(view, style, page);
  if (!view.holdings.empty()) {
    page.blank();
    page.verbatim("wheelfit doctor --free 5GB", Tone::strong);
  }
  return page.text();
}

nlohmann::ordered_json disk_json(const DiskView& view) {
  nlohmann::ordered_json document{{"schema_version", 1}};
  document["holdings"] = nlohmann::ordered_json::array();
  for (const Holding& holding : view.holdings)
    document["holdings"].push_back(holding_json(holding, view.as_root));
  document["filesystems"] = nlohmann::ordered_json::array();
  for (const SeenFilesystem& seen : view.filesystems)
    document["filesystems"].push_back({{"path", seen.path.string()},
                                       {"filesystem", seen.disk.filesystem},
                                       {"free_bytes", seen.disk.free_bytes}});
  document["free"] = nullptr;
  if (!view.wanted) return document;
  nlohmann::ordered_json steps = nlohmann::ordered_json::array();
  for (const GivenUp& step : view.steps)
    steps.push_back({{"kind", diagnose::to_string(step.holding.kind)},
                     {"command", diagnose::command_for(step.holding, view.as_root)},
                     {"frees_bytes", step.holding.frees},
                     {"done", step.done},
                     {"freed_bytes", step.freed}});
  document["free"] = {{"wanted_bytes", *view.wanted},   {"reachable_bytes", view.reachable},
                      {"frees_bytes", view.foretold()}, {"did", view.did},
                      {"freed_bytes", view.freed()},    {"steps", std::move(steps)}};
  return document;
}

}  // namespace wheelfit::render
