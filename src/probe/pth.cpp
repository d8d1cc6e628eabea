// SPDX-License-Identifier: Apache-2.0
#include "probe/pth.hpp"

#include "probe/text_scan.hpp"

namespace wheelfit::probe {

PthFile parse_pth(std::string_view text) {
  PthFile file;
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  for (std::string_view line : lines_of(text)) {
    if (line.starts_with('#') || trimmed(line).empty()) continue;
    if (line.starts_with("import ") || line.starts_with("import\t")) {
      file.has_code = true;
      continue;
    }
    // Python strips the right side only: blanks in front belong to the name.
    file.paths.emplace_back(line.substr(0, line.find_last_not_of(blanks) + 1));
  }
  return file;
}

}  // namespace wheelfit::probe
