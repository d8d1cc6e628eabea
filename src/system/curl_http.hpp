// SPDX-License-Identifier: Apache-2.0
// The real HttpClient, over libcurl.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/fact.hpp"
#include "system/clock.hpp"
#include "system/environment_variables.hpp"
#include "system/http.hpp"
#include "system/retry_policy.hpp"

namespace wheelfit::system {

struct HttpSettings {
  // Where *_proxy, no_proxy, the certificates' variables, NETRC and HOME are looked up.
  // Variables of the process itself are never read.
  EnvironmentVariables variables;
  Fact<std::string> proxy;              // a flag's or pip's: for every host; "" = none at all
  std::optional<std::string> no_proxy;  // instead of the variables' own
  // A bundle, or a directory of hashed certificates: a flag's; then come REQUESTS_CA_BUNDLE and
  // CURL_CA_BUNDLE, then pip's own setting (the order is pip's), then SSL_CERT_FILE and SSL_CERT_DIR.
  Fact<std::filesystem::path> ca_certificate;
  Fact<std::filesystem::path> installer_certificate;
  Fact<std::filesystem::path> spare_certificates;  // where nothing is set and the machine has none of its own
  std::optional<std::filesystem::path> client_certificate;  // PEM with certificate and key
  std::vector<std::string> trusted_hosts;  // "host" or "host:port": TLS is not verified for exactly these
  // False: nobody's certificate is verified. To look at one that is not trusted; never with secrets.
  bool verify_tls = true;
  std::optional<std::filesystem::path> netrc;  // else NETRC, else ~/.netrc where there is one
  std::string user_agent = "wheelfit";

  std::chrono::milliseconds connect_timeout{10'000};  // name, connection, proxy and TLS together
  std::chrono::milliseconds first_byte_timeout{30'000};
  // A transfer that brings less than `stall_bytes` in `stall_window` has stalled.
  std::chrono::milliseconds stall_window{20'000};
  std::uint64_t stall_bytes = 20 * 1024;
  RetryPolicy retry;
};

// Errors carry one of these codes: "resolve" "refused" "unreachable" "tls" "proxy-auth" "proxy" (the proxy's
// own refusal) "timeout" "stalled" "cut-off" "redirects" "too-large" "bad-address" "other". `clock` is slept
// on between attempts and must live as long as the client.
std::unique_ptr<HttpClient> make_http_client(HttpSettings settings, Clock& clock);

}  // namespace wheelfit::system
