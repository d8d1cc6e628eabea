// SPDX-License-Identifier: Apache-2.0
#include "render/page.hpp"

#include <gmock/gmock.h>

namespace wheelfit::render {
namespace {

Style narrow(int width) {
  Style style;
  style.width = width;
  return style;
}

TEST(Page, LinesUpFieldsWhateverTheLabelsAre) {
  Page page(narrow(40));
  page.line("It fits");
  page.blank();
  page.field("wheel", "x.whl");
  page.field("near misses", "y.whl");
  page.more("z.whl");
  EXPECT_EQ(page.text(),
            "It fits\n\n"
            "wheel        x.whl\n"
            "near misses  y.whl\n"
            "             z.whl\n");
}

TEST(Page, LinesUpWideLabelsByColumns) {
  Page page(narrow(40));
  page.field("环境", "a");
  page.field("why", "b");
  EXPECT_EQ(page.text(), "环境  a\nwhy   b\n");
}

TEST(Page, WrapsInsideTheColumn) {
  Page page(narrow(16));
  page.field("why", "one two three four");
  EXPECT_EQ(page.text(), "why  one two\n     three four\n");
}

TEST(Page, PutsAnAsideBesideOrBelow) {
  Page page(narrow(30));
  page.field("glibc", "2.36", Tone::plain, "libc.so.6");
  page.field("torch", "2.6.0+cu124", Tone::plain, "torch/version.py");
  EXPECT_EQ(page.text(), "glibc  2.36  libc.so.6\ntorch  2.6.0+cu124\n       torch/version.py\n");
}

TEST(Page, NeverWrapsAVerbatimLine) {
  Page page(narrow(8));
  page.verbatim("wheelfit install flash-attn");
  EXPECT_EQ(page.text(), "wheelfit install flash-attn\n");
}

}  // namespace
}  // namespace wheelfit::render
