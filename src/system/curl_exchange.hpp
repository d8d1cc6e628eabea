// SPDX-License-Identifier: Apache-2.0
// One request and its answer on one libcurl handle: how it is set up, watched and judged. Who drives the
// handle decides when (curl_line.hpp: one at a time; curl_transfers.hpp: many at once).
#pragma once

#include <memory>
#include <string>

#include "base/error.hpp"
#include "system/curl_http.hpp"
#include "system/curl_route.hpp"
#include "system/http.hpp"

namespace wheelfit::system {

struct Exchange {
  HttpResponse response;
  std::string redirect_to;  // absolute; "" where the answer is final
};

// Whether requests may share a connection, as HTTP/2 lets them.
enum class Sharing { as_negotiated, own_connection };

class CurlExchange {
 public:
  CurlExchange();
  ~CurlExchange();
  CurlExchange(const CurlExchange&) = delete;
  CurlExchange& operator=(const CurlExchange&) = delete;

  void* handle() const noexcept;  // CURL*

  // May be called again once the handle is at rest. Without a sink the body is kept in the response, up to
  // `request.max_body_bytes`, and gzip is undone. Redirects are reported, not followed.
  void begin(HttpRequest request, Route route, const HttpSettings& settings, HeadSink head, BodySink sink,
             Sharing sharing);
  bool has_stalled();
  int pause_milliseconds() const;  // how often has_stalled() wants to be asked
  Error stall() const;
  // Writes down how it went, where the request wants that; `fault`: what ended it, if anything did.
  void note(const Error* fault) const;
  // `code`: what libcurl says of it. Throws as HttpClient does; what head or sink threw passes through.
  Exchange finish(int code);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace wheelfit::system
