// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "render/environment_words.hpp"
#include "render/page.hpp"
#include "render/seed.hpp"
#include "render/units.hpp"

namespace wheelfit::render {
namespace {

std::string name_of(const SeedView& view) {
  return view.version.empty() ? view.distribution : view.distribution + " " + view.version;
}

void add_conclusion(const SeedView& view, const Style& style, Page& page) {
  const std::string what = name_of(view);
  switch (view.outcome) {
    case SeedOutcome::seeded:
      page.line(said(text("{} is seeded: pip takes this wheel and builds nothing", what), style), Tone::good);
      break;
    case SeedOutcome::dry_run:
      page.line(said(text("{} would be seeded; nothing was changed", what), style));
      break;
    case SeedOutcome::not_used:
      page.line(said(text("{} is not seeded: pip would not use it", what), style), Tone::bad);
      break;
  }
  page.blank();
}

void add_sentences(const Text& label, const std::vector<SeedReason>& reasons, Tone tone, const Style& style,
                   Page& page) {
  bool first = true;
  for (const SeedReason& reason : reasons) {
    if (std::exchange(first, false))
      page.field(label, said(reason.text, style), tone);
    else
      page.more(said(reason.text, style), tone);
  }
}

Text origin_words(const std::string& source, bool rewritten, const std::string& version) {
  if (rewritten) return text("{}; its METADATA now says {}, as pip demands", source, version);
  return text("{}; its content is as it was", source);
}

void add_wheel(const SeedView& view, const Style& style, Page& page) {
  if (view.wheel.empty() || !view.will_be_used) return;
  page.field(text("wheel"), view.wheel);
  page.more(said(text("from {}", view.made_from), style));
  page.under(view.outcome == SeedOutcome::dry_run
                 ? view.source
                 : said(origin_words(view.source, view.rewritten, view.version), style),
             Tone::dim);
}

Text proof_words(const SeedView& view) {
  if (!view.has_code) return text("it holds no compiled code");
  return view.proven ? text("every symbol that it needs is exported here")
                     : text("chosen by its name; its symbols were not compared");
}

void add_environment(const SeedView& view, const Style& style, Page& page) {
  std::vector<std::string> parts{python_words(view.environment, style)};
  if (const auto& pip = view.environment.installer.pip_version) parts.push_back("pip " + pip->to_string());
  parts.push_back(torch_words(view.environment.torch, style));
  page.field(text("for"), listed(parts, style));
}

void add_places(const SeedView& view, const Style& style, Page& page) {
  bool first = true;
  std::vector<std::string> replaced;
  for (const SeedPlace& place : view.places) {
    if (std::exchange(first, false))
      page.field(text("in"), place.directory.string());
    else
      page.more(place.directory.string());
    page.under(said(text("where pip looks for {}", place.link), style), Tone::dim);
    replaced.insert(replaced.end(), place.replaced.begin(), place.replaced.end());
  }
  if (!replaced.empty())
    page.field(text("replaced"), listed(replaced, style), Tone::plain,
               said(text("kept for `wheelfit seed --undo`"), style));
}

}  // namespace

std::string seed_text(const SeedView& view, const Style& style) {
  Page page(style);
  add_conclusion(view, style, page);
  if (!view.will_be_used) add_sentences(text("because"), view.reasons, Tone::bad, style, page);
  add_environment(view, style, page);
  add_wheel(view, style, page);
  if (!view.wheel.empty() && view.will_be_used) {
    page.field(text("proof"), said(proof_words(view), style), view.proven ? Tone::good : Tone::doubtful);
  }
  if (view.will_be_used) add_places(view, style, page);
  add_sentences(text("note"), view.notes, Tone::doubtful, style, page);
  if (view.will_be_used && !view.commands.empty()) {
    page.blank();
    page.verbatim(said(text("To use it: {}", view.commands.front()), style), Tone::strong);
    for (std::size_t i = 1; i < view.commands.size(); ++i)
      page.verbatim(said(text("or         {}", view.commands[i]), style));
  }
  if (!view.cures.empty()) page.blank();
  for (const Text& cure : view.cures) page.verbatim(said(text("Instead: {}", said(cure, style)), style));
  return page.text();
}

std::string seed_link_text(const SeedView& view, const Style&) {
  std::string lines;
  for (const SeedPlace& place : view.places) lines += place.directory.string() + "\n";
  return lines;
}

std::string seed_list_text(const std::vector<SeedEntry>& entries, const Style& style) {
  Page page(style);
  if (entries.empty()) {
    page.line(said(text("Nothing is seeded"), style));
    return page.text();
  }
  page.line(said(plural(entries.size(), text("{} wheel is seeded", entries.size()),
                        text("{} wheels are seeded", entries.size())),
                 style));
  for (const SeedEntry& entry : entries) {
    const pipcache::Seed& seed = entry.seed;
    page.blank();
    const std::string what = seed.distribution + " " + seed.version;
    std::vector<std::string> companions{seed.python, "pip " + seed.pip};
    if (!seed.torch.empty()) companions.push_back("torch " + seed.torch);
    switch (entry.state) {
      case pipcache::SeedState::in_place:
        page.line(said(text("{} for {}", what, listed(companions, style)), style), Tone::good);
        break;
      case pipcache::SeedState::gone:
        page.line(
            said(text("{} for {}: it is in pip's cache no more", what, listed(companions, style)), style),
            Tone::doubtful);
        break;
      case pipcache::SeedState::changed:
        page.line(said(text("{} for {}: something else has taken its place", what, listed(companions, style)),
                       style),
                  Tone::doubtful);
        break;
    }
    page.under(seed.made_from);
    page.under(seed.directory.string(), Tone::dim);
  }
  return page.text();
}

std::string seed_undo_text(const std::vector<pipcache::Undone>& undone, bool dry_run, const Style& style) {
  Page page(style);
  if (undone.empty()) page.line(said(text("Nothing is seeded; there is nothing to undo"), style));
  for (const pipcache::Undone& one : undone) {
    const std::string what = one.seed.distribution + " " + one.seed.version;
    switch (one.before) {
      case pipcache::SeedState::in_place:
        page.line(said(dry_run ? text("{} would be taken out of pip's cache; nothing was changed", what)
                               : text("{} is taken out of pip's cache", what),
                       style),
                  dry_run ? Tone::plain : Tone::good);
        break;
      case pipcache::SeedState::gone:
        page.line(said(dry_run ? text("{} is in pip's cache no more; it would be forgotten", what)
                               : text("{} was in pip's cache no more; it is forgotten", what),
                       style),
                  Tone::doubtful);
        break;
      case pipcache::SeedState::changed:
        page.line(
            said(dry_run ? text("{} is not what wheelfit put there; it would stay and be forgotten", what)
                         : text("{} is not what wheelfit put there; it stays and is forgotten", what),
                 style),
            Tone::doubtful);
        break;
    }
    page.under(one.seed.directory.string(), Tone::dim);
    if (!one.restored.empty()) page.under(said(text("put back: {}", listed(one.restored, style)), style));
  }
  return page.text();
}

Text why_not_uv() {
  return text(
      "uv cannot be seeded: it never looks into pip's cache, and keeps what it built under keys that it "
      "makes "
      "up itself");
}

std::string find_links_text(const FindLinksView& view, const Style& style) {
  Page page(style);
  const std::string what = view.distribution + " " + view.version;
  page.line(said(view.dry_run ? text("{} would be put into a directory of wheels; nothing was changed", what)
                              : text("{} is in a directory of wheels for pip and uv", what),
                 style),
            view.dry_run ? Tone::plain : Tone::good);
  page.blank();
  if (view.for_uv) page.field(text("why"), said(why_not_uv(), style));
  page.field(text("wheel"), (view.directory / view.wheel).string());
  page.more(said(text("from {}", view.made_from), style));
  page.under(said(origin_words(view.source, view.rewritten, view.version), style), Tone::dim);
  const std::string directory = view.directory.string();
  const std::string pinned = view.distribution + "==" + view.version;
  page.blank();
  page.verbatim("uv:  uv pip install --find-links " + directory + " " + pinned, Tone::strong);
  page.verbatim("     UV_FIND_LINKS=" + directory);
  page.verbatim("     pyproject.toml: [tool.uv] find-links = [\"" + directory + "\"]");
  page.verbatim("pip: pip install --find-links " + directory + " " + pinned, Tone::strong);
  page.verbatim("     PIP_FIND_LINKS=" + directory);
  page.verbatim("     pip config set global.find-links " + directory);
  return page.text();
}

}  // namespace wheelfit::render
