// SPDX-License-Identifier: Apache-2.0
// Wheel file names (binary-distribution-format): {name}-{version}(-{build})?-{python}-{abi}-{platform}.whl
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "python/tag_set.hpp"
#include "python/tags.hpp"
#include "python/version.hpp"

namespace wheelfit::python {

struct WheelFilename {
  std::string name;     // as in the file name
  Version version;      // with its local label
  std::string version_text;  // as in the file name
  std::string build;    // "" where there is none
  TagSet python_tags;  // expanded from "py2.py3"
  TagSet abi_tags;
  TagSet platform_tags;

  // Takes the bare file name (no directory, no URL escapes).
  static tl::expected<WheelFilename, ParseError> parse(std::string_view file_name);
  // The product of the three tag sets.
  std::vector<Tag> tags() const;
};

}  // namespace wheelfit::python
