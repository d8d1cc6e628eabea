// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace wheelfit {

extern const char* const program_version;  // "0.1.0", as CMakeLists.txt says

}  // namespace wheelfit
