// SPDX-License-Identifier: Apache-2.0
// A page of human text: lines, and fields whose labels stand in one column. Columns are settled when the page
// is whole, so that labels of any language line up.
#pragma once

#include <string>
#include <vector>

#include "base/text.hpp"
#include "render/style.hpp"

namespace wheelfit::render {

class Page {
 public:
  explicit Page(const Style& style) : style_(style) {}

  // One paragraph over the whole width.
  void line(std::string words, Tone tone = Tone::plain);
  // A line that must stay as it is (a command to copy).
  void verbatim(std::string words, Tone tone = Tone::plain);
  void blank();
  // `label` in the left column, `words` to its right, wrapped there; `aside` follows in dim.
  void field(const Text& label, std::string words, Tone tone = Tone::plain, std::string aside = "");
  // Further lines of the field above; `under` stands a little to the right of them.
  void more(std::string words, Tone tone = Tone::plain, std::string aside = "");
  void under(std::string words, Tone tone = Tone::plain);

  std::string text() const;

 private:
  enum class Kind { line, verbatim, field };
  struct Entry {
    Kind kind = Kind::line;
    std::string label;
    std::string words;
    Tone tone = Tone::plain;
    std::string aside;
    int indent = 0;  // columns beyond the label's
  };
  std::string drawn(const Entry& entry, int label_columns) const;

  Style style_;
  std::vector<Entry> entries_;
};

}  // namespace wheelfit::render
