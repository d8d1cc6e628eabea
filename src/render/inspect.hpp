// SPDX-License-Identifier: Apache-2.0
// The environment as grouped facts, each with where it is from, and as the inspect document. Pure.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "probe/environment.hpp"
#include "render/style.hpp"

namespace wheelfit::render {

// Disagreeing witnesses are both shown; unknown is said as unknown; no credentials.
std::string inspect_text(const probe::Environment& environment, const Style& style);

// {"schema_version": 1, "environment": {...}}
nlohmann::ordered_json inspect_json(const probe::Environment& environment);

}  // namespace wheelfit::render
