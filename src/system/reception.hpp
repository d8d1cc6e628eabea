// SPDX-License-Identifier: Apache-2.0
// An answer as it comes in: header lines and pieces of body become an HttpResponse, or go to the caller's
// sinks.
#pragma once

#include <cstdint>
#include <exception>
#include <span>
#include <string_view>

#include "system/http.hpp"

namespace wheelfit::system {

class Reception {
 public:
  Reception(const HeadSink& head_sink, const BodySink& body_sink, std::uint64_t body_limit)
      : head(head_sink), sink(body_sink), limit(body_limit) {}

  const HeadSink& head;  // may be empty
  const BodySink& sink;  // may be empty: the body is kept in the response, up to `limit` bytes
  std::uint64_t limit = 0;

  HttpResponse response = {};
  std::uint64_t body_bytes = 0;
  std::uint64_t window_bytes = 0;  // of any kind, since the watchdog looked last
  bool answered = false;           // the status line has come
  bool stopped = false;            // a sink said so
  bool too_large = false;
  std::exception_ptr thrown = nullptr;

  void take_header(std::string_view line);
  // False: the transfer is to end.
  bool take_body(std::span<const std::byte> bytes);
  // Once, before the first byte of body or after the last header; never for a redirect.
  bool give_head();

 private:
  bool is_redirect() const;
  bool head_given_ = false;
};

}  // namespace wheelfit::system
