// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "resolve/decision.hpp"

namespace wheelfit::resolve {

// What speaks against every wheel of the package in this environment, said once: no torch, a CPU torch, a GPU
// below the floor of every version, a driver too old for torch's own CUDA.
std::vector<Reason> environment_reasons(const probe::Environment& environment, const catalog::Recipe& recipe,
                                        const catalog::Knowledge& knowledge);

}  // namespace wheelfit::resolve
