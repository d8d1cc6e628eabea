// SPDX-License-Identifier: Apache-2.0
// Looks at the folders that an install uses. Reads, and changes nothing.
#pragma once

#include <filesystem>

#include "diagnose/diagnosis.hpp"
#include "probe/environment.hpp"

namespace wheelfit::diagnose {

Surroundings look_around(const probe::Environment& environment, const std::filesystem::path& store);

}  // namespace wheelfit::diagnose
