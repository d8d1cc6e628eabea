// SPDX-License-Identifier: Apache-2.0
// The rows of data/pip.toml.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "python/version.hpp"

namespace wheelfit::pipcache {

// The source of [[unused_cache]] `when`, where the row holds for this pip.
std::optional<std::string> unused_cache_row(std::string_view when, const python::Version& pip);
// Whether the [[habit]] `what` holds for this pip.
bool has_habit(std::string_view what, const python::Version& pip);

}  // namespace wheelfit::pipcache
