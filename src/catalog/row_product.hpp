// SPDX-License-Identifier: Apache-2.0
// One line of a .rows file that names wheels (docs/formats/rows.md), its alternatives multiplied out. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "base/error.hpp"
#include "python/tag_set.hpp"

namespace wheelfit::catalog {

// What a wheel is built for.
struct Build {
  std::string tag;  // "cp313-cp313t-linux_x86_64"
  python::TagSet python_tags;
  python::TagSet abi_tags;
  python::TagSet platform_tags;
};

// Every one of `versions` was built for every one of `builds`.
struct Product {
  std::string_view distribution;      // points into the line
  std::vector<std::string> versions;  // with '*' for the release
  std::vector<Build> builds;
};

tl::expected<Product, ParseError> parse_product(std::string_view line);

}  // namespace wheelfit::catalog
