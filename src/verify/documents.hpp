// SPDX-License-Identifier: Apache-2.0
// What the scripts of data/verify/ print, made into checks. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "system/process.hpp"
#include "verify/report.hpp"

namespace wheelfit::verify {

// The imports that were asked for and what came of them.
void read_imports(const system::ProcessResult& child, const std::vector<std::string>& modules,
                  bool torch_first, Report& report);
// The grid and its timings.
void read_attention(const system::ProcessResult& child, Report& report);

// How a child ended that should have printed a document: "it was ended by SIGSEGV (segmentation fault)", ...
Text how_it_ended(const system::ProcessResult& child);

}  // namespace wheelfit::verify
