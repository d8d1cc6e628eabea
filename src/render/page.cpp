// SPDX-License-Identifier: Apache-2.0
#include "render/page.hpp"

#include <algorithm>
#include <utility>

#include "render/display_width.hpp"

namespace wheelfit::render {

void Page::line(std::string words, Tone tone) {
  entries_.push_back({Kind::line, "", std::move(words), tone, "", 0});
}

void Page::verbatim(std::string words, Tone tone) {
  entries_.push_back({Kind::verbatim, "", std::move(words), tone, "", 0});
}

void Page::blank() { verbatim(""); }

void Page::field(const Text& label, std::string words, Tone tone, std::string aside) {
  entries_.push_back({Kind::field, said(label, style_), std::move(words), tone, std::move(aside), 0});
}

void Page::more(std::string words, Tone tone, std::string aside) {
  entries_.push_back({Kind::field, "", std::move(words), tone, std::move(aside), 0});
}

void Page::under(std::string words, Tone tone) {
  constexpr int columns = 2;
  entries_.push_back({Kind::field, "", std::move(words), tone, "", columns});
}

std::string Page::text() const {
  constexpr int gap = 2;
  int label_columns = 0;
  for (const Entry& entry : entries_)
    label_columns = std::max(label_columns, display_width(entry.label) + gap);
  std::string page;
  for (const Entry& entry : entries_) page += drawn(entry, label_columns);
  return page;
}

std::string Page::drawn(const Entry& entry, int label_columns) const {
  if (entry.kind == Kind::verbatim) return painted(entry.words, entry.tone, style_) + "\n";
  const int indent = entry.kind == Kind::field ? label_columns + entry.indent : 0;
  const std::string margin(static_cast<std::size_t>(indent), ' ');
  std::string out = indent > 0 ? painted(padded(entry.label, indent), Tone::dim, style_) : "";
  const auto lines = wrapped(entry.words, style_.width - indent, style_.width - indent);
  for (std::size_t at = 0; at < lines.size(); ++at) {
    out += (at == 0 ? "" : margin) + painted(lines[at], entry.tone, style_);
    if (at + 1 < lines.size()) out += "\n";
  }
  if (entry.aside.empty()) return out + "\n";
  const int used = indent + display_width(lines.back()) + 2;
  const bool beside = used + display_width(entry.aside) <= style_.width;
  out += beside ? "  " : "\n" + margin;
  return out + painted(entry.aside, Tone::dim, style_) + "\n";
}

}  // namespace wheelfit::render
