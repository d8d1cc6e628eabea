// SPDX-License-Identifier: Apache-2.0
// "cu{118,121}torch2.{0,1}" -> cu118torch2.0, cu118torch2.1, cu121torch2.0, cu121torch2.1. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "base/error.hpp"

namespace wheelfit::catalog {

// Braces do not nest; the last group varies fastest. More than `most` results are an error.
tl::expected<std::vector<std::string>, ParseError> expand_braces(std::string_view pattern,
                                                                 std::size_t most = 4096);

}  // namespace wheelfit::catalog
