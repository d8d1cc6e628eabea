// SPDX-License-Identifier: Apache-2.0
// The proof of a wheel from the least of its bytes: the symbol tables at the front of its modules. Made for
// wheels that lie behind a network (system/http_ranges.hpp); a file is read the same.
#pragma once

#include "proof/scope.hpp"
#include "proof/wheel_code.hpp"
#include "proof/wheel_proof.hpp"
#include "system/zip.hpp"

namespace wheelfit::proof {

// `code` is of `wheel`. Where it has no module, its libraries are judged instead, as modules. Without any
// code nothing is read and nothing said: `unproven`, extent `nothing`; what that means the caller knows.
// `fits` says no more than judge_prefix() says of every module: after the download the whole wheel is proven
// again. What `wheel` throws passes through.
WheelProof preflight(system::ZipReader& wheel, const WheelCode& code, const ImportScope& scope);

}  // namespace wheelfit::proof
