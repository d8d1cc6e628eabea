// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace wheelfit {

inline constexpr const char* program_version = WHEELFIT_VERSION;

}  // namespace wheelfit
