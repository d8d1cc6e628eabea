// SPDX-License-Identifier: Apache-2.0
// The arguments that setup.py gives nvcc, cut down to what was asked for. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "python/version.hpp"

namespace wheelfit::build {

// `command` compiles for these capabilities alone (8.0) and with so many threads. Arguments of other
// architectures go, PTX among them; a command without -gencode stays as it is.
std::string limited_to(std::string_view command, const std::vector<python::Version>& capabilities,
                       unsigned threads);

// "8.0" -> "80", "12.0" -> "120".
std::string architecture_number(const python::Version& capability);

}  // namespace wheelfit::build
