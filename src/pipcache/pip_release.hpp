// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>

#include "python/version.hpp"

namespace wheelfit::pipcache {

// Whether `pip` is of the series major.minor or a later one; a pre-release counts as its release.
inline bool is_at_least(const python::Version& pip, std::uint64_t major, std::uint64_t minor) {
  return std::pair(pip.major(), pip.minor()) >= std::pair(major, minor);
}

}  // namespace wheelfit::pipcache
