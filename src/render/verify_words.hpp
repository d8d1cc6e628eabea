// SPDX-License-Identifier: Apache-2.0
// A verification's parts on a page; shared by the pages of `verify` and `install`. Pure.
#pragma once

#include "render/page.hpp"
#include "render/style.hpp"
#include "verify/report.hpp"

namespace wheelfit::render {

// Failed checks first, passed ones as a count, then the timings, then what was not proven.
void add_verification(const verify::Report& report, const Style& style, Page& page);

}  // namespace wheelfit::render
