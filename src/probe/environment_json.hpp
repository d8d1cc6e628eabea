// SPDX-License-Identifier: Apache-2.0
// The environment as `inspect --json` writes it and as `--target FILE` reads it back.
#pragma once

#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "probe/environment.hpp"

namespace wheelfit::probe {

// Every fact as {"value": ..., "source": "...", "disagreeing": [...]}; unknown facts are null. No
// credentials.
nlohmann::ordered_json to_json(const Environment& environment);

// Accepts what to_json() wrote (also inside a document that has it under "environment"); paths and
// distributions of the other machine are kept as descriptions. The result says origin "target". Throws
// Error{usage} naming the field that is wrong.
Environment environment_from_json(std::string_view text);

}  // namespace wheelfit::probe
