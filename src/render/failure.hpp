// SPDX-License-Identifier: Apache-2.0
// An error as the user sees it. Pure.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "base/error.hpp"
#include "render/style.hpp"

namespace wheelfit::render {

// "error: <sentence>", then what was being done, then the cures, the best first.
std::string error_text(const Error& error, const Style& style);

// {"schema_version": 1, "error": {"kind", "sentence", "context", "cures", "code", "exit_code"}}
nlohmann::ordered_json error_json(const Error& error);

}  // namespace wheelfit::render
