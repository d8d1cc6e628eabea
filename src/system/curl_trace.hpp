// SPDX-License-Identifier: Apache-2.0
// What libcurl measured of a transfer that has ended.
#pragma once

#include "system/curl_route.hpp"
#include "system/http_trace.hpp"

namespace wheelfit::system {

// `easy`: a libcurl easy handle (CURL*). The certificate's names are there with CURLOPT_CERTINFO.
HttpHop hop_of(void* easy, const Route& route, int status);

}  // namespace wheelfit::system
