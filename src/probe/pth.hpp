// SPDX-License-Identifier: Apache-2.0
// A .pth file's lines, read as CPython's site.addpackage() reads them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wheelfit::probe {

struct PthFile {
  std::vector<std::string> paths;  // relative to the .pth file's directory, or absolute; in file order
  bool has_code = false;           // `import ...` lines, which Python would run
};

PthFile parse_pth(std::string_view text);

}  // namespace wheelfit::probe
