// SPDX-License-Identifier: Apache-2.0
// What a failed transfer is called: one sentence that names the hop and the cause.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/error.hpp"

namespace wheelfit::system {

struct FaultScene {
  std::string url;
  std::optional<std::string> proxy;
  int curl_code = 0;
  int system_code = 0;    // errno of connect()
  long proxy_status = 0;  // answer to CONNECT
  long proxy_code = 0;    // CURLPX_…
  std::string detail;     // libcurl's own words
  std::uint64_t body_bytes = 0;
  std::int64_t connect_seconds = 0;
  bool resolved = false;         // the name of the origin, or of the proxy
  bool connected = false;        // to the same
  long verify_result = 0;        // OpenSSL's X509_V_ERR_… about the origin's certificate; 0: nothing said
  long proxy_verify_result = 0;  // about that of a proxy reached by TLS
};

Error fault_of(const FaultScene& scene);
Error stalled(const std::string& url, const std::optional<std::string>& proxy, std::uint64_t body_bytes,
              bool answered);
Error proxy_wants_password(const std::string& proxy);

}  // namespace wheelfit::system
