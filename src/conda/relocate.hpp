// SPDX-License-Identifier: Apache-2.0
// Puts the environment's prefix where the prefix of the machine that built a package stands, as conda does.
// Pure.
#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "base/error.hpp"
#include "conda/description.hpp"

namespace wheelfit::conda {

// Text: every occurrence is replaced; a #! line that becomes longer than Linux reads (127 bytes) goes through
// /usr/bin/env. Binary: the string that holds it, up to its NUL, moves up and is padded with NULs, so that
// nothing behind it moves; an error where the prefix is longer than its placeholder. No string holds a
// placeholder that is empty or has a NUL: nothing is done.
tl::expected<std::string, ParseError> relocate(std::string content, std::string_view placeholder,
                                               std::string_view prefix, FileMode mode);

}  // namespace wheelfit::conda
