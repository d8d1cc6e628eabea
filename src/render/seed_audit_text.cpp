// SPDX-License-Identifier: Apache-2.0
#include "render/environment_words.hpp"
#include "render/page.hpp"
#include "render/seed.hpp"
#include "render/units.hpp"

namespace wheelfit::render {
namespace {

constexpr std::size_t most_rows = 12;

void add_row(const AuditRow& row, const Style& style, Page& page) {
  page.blank();
  page.verbatim(row.file.filename().string(), Tone::strong);
  page.under(row.file.parent_path().string(), Tone::dim);
  if (!row.reasons.empty()) page.under(said(row.reasons.front().text, style));
  page.under(
      said(row.evicted ? text("{}, removed", bytes_text(row.size)) : Text(bytes_text(row.size)), style));
}

void add_conclusion(const AuditView& view, const Style& style, Page& page) {
  const std::string wheels =
      said(plural(view.wheels, text("{} cached wheel", view.wheels), text("{} cached wheels", view.wheels)),
           style);
  if (view.wheels == 0) {
    page.line(said(text("No wheel lies in pip's cache"), style));
    return;
  }
  if (view.rows.empty()) {
    page.line(
        said(text("None of {} was built for another torch, CUDA or Python than this environment's", wheels),
             style),
        Tone::good);
    return;
  }
  const bool evicted = view.rows.front().evicted;
  page.line(
      said(evicted ? text("{} of {}, built for another torch, CUDA or Python, are removed", view.rows.size(),
                          wheels)
                   : text("{} of {} were built for another torch, CUDA or Python than this environment's",
                          view.rows.size(), wheels),
           style),
      evicted ? Tone::good : Tone::doubtful);
}

}  // namespace

std::string seed_audit_text(const AuditView& view, const Style& style) {
  Page page(style);
  add_conclusion(view, style, page);
  page.blank();
  page.field(
      text("found"),
      listed({python_words(view.environment, style), torch_words(view.environment.torch, style)}, style));
  page.field(text("cache"), view.cache.string());
  for (std::size_t i = 0; i < view.rows.size() && i < most_rows; ++i) add_row(view.rows[i], style, page);
  if (view.rows.size() > most_rows) {
    page.blank();
    page.line(said(text("and {} more", view.rows.size() - most_rows), style), Tone::dim);
  }
  if (!view.rows.empty() && !view.rows.front().evicted) {
    page.blank();
    page.verbatim(said(text("To remove them: {}", "wheelfit seed --audit --evict"), style), Tone::strong);
  }
  return page.text();
}

}  // namespace wheelfit::render
