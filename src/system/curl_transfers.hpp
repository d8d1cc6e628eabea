// SPDX-License-Identifier: Apache-2.0
// Many requests at once over libcurl's multi interface.
#pragma once

#include <memory>

#include "system/curl_route.hpp"
#include "system/http.hpp"

namespace wheelfit::system {

// Both must outlive the result.
std::unique_ptr<Transfers> curl_transfers(const HttpSettings& settings, const Routes& routes);

}  // namespace wheelfit::system
