// SPDX-License-Identifier: Apache-2.0
// data/rows/*.rows: which wheels a source is known to hold, as products of a few alternatives
// (docs/formats/rows.md). Pure; nothing is read but the text given.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "base/error.hpp"
#include "catalog/candidate.hpp"

namespace wheelfit::catalog {

// One wheel that a source is known to hold.
struct KnownWheel {
  std::string name;     // file name
  std::string release;  // tag; "" where the source has no releases
  int release_order = 0;
  WheelFields fields;  // equal to parse_wheel_fields(name)
  std::optional<std::string> sha256;
  std::optional<std::uint64_t> size;
};

// Every wheel of `package` (normalized; "" = of all packages) that the text names, release by release. The
// same name may stand in several releases.
tl::expected<std::vector<KnownWheel>, ParseError> expand_rows(std::string_view text,
                                                              std::string_view package);

// 0, 1, ... for the distinct tags in the order of their versions ("v0.9.5" < "v0.9.40"); tags that are no
// versions come first, in the order given.
std::vector<int> release_orders(const std::vector<std::string>& tags);

}  // namespace wheelfit::catalog
