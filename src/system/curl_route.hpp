// SPDX-License-Identifier: Apache-2.0
// How one request travels: through which proxy, with whose trust and with which credentials, and which
// setting said so. Decided here alone. Looks for files, opens no connection.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/fact.hpp"
#include "system/curl_http.hpp"
#include "system/http.hpp"

namespace wheelfit::system {

struct Route {
  std::string url;
  Fact<std::string> proxy;  // unknown: none; its source then is the exclusion that says so, if one does
  bool verify_tls = true;
  std::optional<std::string> userinfo;  // "user:password" of the address, decoded by libcurl
  bool send_token = true;
  std::optional<std::filesystem::path> netrc;
  Fact<std::filesystem::path> ca_certificate;  // unknown: the machine's own
};

// A bundle or a directory, and the setting that names it; unknown: the machine's own.
Fact<std::filesystem::path> trusted_certificates(const HttpSettings& settings);

// Redirects are not libcurl's: each address gets its own proxy, its own trust and its own credentials.
constexpr int most_redirects = 10;

class Routes {
 public:
  // `settings` must outlive it.
  explicit Routes(const HttpSettings& settings);

  // To `address`, which is that of the request or one it was redirected to. Throws Error{unreachable}.
  Route to(const std::string& address, const HttpRequest& request) const;

 private:
  const HttpSettings& settings_;
  const Fact<std::filesystem::path> certificates_;
  const std::optional<std::filesystem::path> netrc_;
};

}  // namespace wheelfit::system
