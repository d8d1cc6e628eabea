// SPDX-License-Identifier: Apache-2.0
#include "base/version.hpp"

namespace wheelfit {

const char* const program_version = WHEELFIT_VERSION;

}  // namespace wheelfit
