// SPDX-License-Identifier: Apache-2.0
// How one request travels: through which proxy, with whose trust and with which credentials.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "system/curl_http.hpp"
#include "system/http.hpp"

namespace wheelfit::system {

struct Route {
  std::string url;
  std::optional<std::string> proxy;
  bool verify_tls = true;
  std::optional<std::string> userinfo;  // "user:password" of the address, decoded by libcurl
  bool send_token = true;
  std::optional<std::filesystem::path> netrc;
  std::optional<std::filesystem::path> ca_certificate;
};

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
  const std::optional<std::filesystem::path> certificates_;
  const std::optional<std::filesystem::path> netrc_;
};

}  // namespace wheelfit::system
