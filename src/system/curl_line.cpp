// SPDX-License-Identifier: Apache-2.0
#include "system/curl_line.hpp"

#include <curl/curl.h>

#include "base/error.hpp"
#include "system/curl_multi_handle.hpp"
#include "system/interrupt.hpp"

namespace wheelfit::system {
namespace {

// In the multi handle for as long as it lives.
struct Attached {
  CURLM* multi;
  CURL* easy;
  Attached(CURLM* m, CURL* e) : multi(m), easy(e) { curl_multi_add_handle(multi, easy); }
  ~Attached() { curl_multi_remove_handle(multi, easy); }
  Attached(const Attached&) = delete;
  Attached& operator=(const Attached&) = delete;
};

CURLcode drive(CURLM* multi, CurlExchange& exchange) {
  const Attached attached(multi, exchange.handle());
  for (;;) {
    int running = 0;
    curl_multi_perform(multi, &running);
    if (running == 0) break;
    throw_if_interrupted();
    if (exchange.has_stalled()) throw exchange.stall();
    curl_multi_poll(multi, nullptr, 0, exchange.pause_milliseconds(), nullptr);
  }
  int left = 0;
  const CURLMsg* message = curl_multi_info_read(multi, &left);
  return message == nullptr ? CURLE_FAILED_INIT : message->data.result;
}

}  // namespace

struct CurlLine::Handles {
  MultiHandle multi = new_multi_handle();
  CurlExchange exchange;
};

CurlLine::CurlLine() : handles_(std::make_unique<Handles>()) {}
CurlLine::~CurlLine() = default;
CurlLine::CurlLine(CurlLine&&) noexcept = default;
CurlLine& CurlLine::operator=(CurlLine&&) noexcept = default;

Exchange CurlLine::exchange(const HttpRequest& request, const Route& route, const HttpSettings& settings,
                            const HeadSink& head, const BodySink& sink) {
  CurlExchange& exchange = handles_->exchange;
  exchange.begin(request, route, settings, head, sink, Sharing::as_negotiated);
  try {
    Exchange done = exchange.finish(drive(handles_->multi.get(), exchange));
    exchange.note(nullptr);
    return done;
  } catch (const Error& error) {
    exchange.note(&error);
    throw;
  }
}

}  // namespace wheelfit::system
