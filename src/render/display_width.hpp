// SPDX-License-Identifier: Apache-2.0
// Columns that UTF-8 text takes on a terminal, and lines broken by columns. Chinese, Japanese and Korean
// characters are two columns wide (Unicode Standard Annex 11), combining marks none. Bytes that are no UTF-8
// count as one each.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wheelfit::render {

int display_width(std::string_view text) noexcept;

// `text` and as many blanks as it takes to fill `columns`.
std::string padded(std::string_view text, int columns);

// At most `columns` wide: the middle is replaced by "…" where it is longer.
std::string elided(std::string_view text, int columns);

// Breaks at blanks and between wide characters. A word that is longer than a line stays whole, so that names
// and commands can be copied. The first line may be `first` columns wide, the others `rest`. Never empty.
std::vector<std::string> wrapped(std::string_view text, int first, int rest);

}  // namespace wheelfit::render
