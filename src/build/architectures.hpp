// SPDX-License-Identifier: Apache-2.0
// For which GPUs is compiled, and how a build says so. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "python/version.hpp"

namespace wheelfit::build {

// The architecture whose machine code runs on a GPU of `capability`: the same major, the highest minor that
// is not above it (CUDA C++ Programming Guide, "binary compatibility"). nullopt: none of them.
std::optional<python::Version> best_for(const python::Version& capability,
                                        const std::vector<python::Version>& offered);

// "80;90"
std::string architecture_list(const std::vector<python::Version>& capabilities);

// The local version of what is built: "cu130torch2.12sm80sm90.nobackward". PEP 440.
std::string local_label(const python::Version& torch, const python::Version& cuda,
                        const std::vector<python::Version>& capabilities,
                        const std::vector<std::string>& without);

}  // namespace wheelfit::build
