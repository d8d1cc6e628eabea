// SPDX-License-Identifier: Apache-2.0
// One request, one answer, over a pair of libcurl handles that keep their connections for the next.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "system/curl_http.hpp"
#include "system/http.hpp"

namespace wheelfit::system {

// How one request travels; decided anew for every redirect.
struct Route {
  std::string url;
  std::optional<std::string> proxy;
  bool verify_tls = true;
  std::optional<std::string> userinfo;  // "user:password" of the address, decoded by libcurl
  bool send_token = true;
  std::optional<std::filesystem::path> netrc;
  std::optional<std::filesystem::path> ca_certificate;
};

struct Exchange {
  HttpResponse response;
  std::string redirect_to;  // absolute; "" where the answer is final
};

class CurlLine {
 public:
  CurlLine();
  ~CurlLine();
  CurlLine(CurlLine&&) noexcept;
  CurlLine& operator=(CurlLine&&) noexcept;

  // Without a sink the body is kept in the response, up to `request.max_body_bytes`, and gzip is undone.
  // Redirects are reported, not followed. Throws as HttpClient does; what head or sink throw passes through.
  Exchange exchange(const HttpRequest& request, const Route& route, const HttpSettings& settings,
                    const HeadSink& head, const BodySink& sink);

 private:
  struct Handles;
  std::unique_ptr<Handles> handles_;
};

}  // namespace wheelfit::system
