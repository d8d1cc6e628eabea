// SPDX-License-Identifier: Apache-2.0
// entry_points.txt: INI groups of `name = module:attribute [extras]`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "base/error.hpp"

namespace wheelfit::python {

struct EntryPoint {
  std::string group;      // "console_scripts", "gui_scripts", ...
  std::string name;
  std::string module;
  std::string attribute;  // "main", "App.run"; may be empty
};

tl::expected<std::vector<EntryPoint>, ParseError> parse_entry_points(std::string_view text);

}  // namespace wheelfit::python
