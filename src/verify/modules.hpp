// SPDX-License-Identifier: Apache-2.0
// The modules of a distribution, by the paths in its RECORD. Pure.
#pragma once

#include <string>
#include <vector>

#include "python/record.hpp"

namespace wheelfit::verify {

// What `import` can name at the top of site-packages: packages with an __init__, single modules, extension
// modules. Without directories that only hold tests, examples or benchmarks, which a wheel brings by mistake.
std::vector<std::string> top_level_modules(const python::Record& record);

}  // namespace wheelfit::verify
