// SPDX-License-Identifier: Apache-2.0
// HTTP as the stages see it. The real one is curl_http.hpp; tests script one or use a server on loopback.
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wheelfit::system {

struct HttpTrace;  // http_trace.hpp

struct HttpRequest {
  std::string url;  // http, https or file
  std::string method = "GET";
  std::vector<std::pair<std::string, std::string>> headers;
  // "Range: bytes=from-"; with if_range (an ETag or date) the server answers 200 when the file changed.
  std::optional<std::uint64_t> resume_from;
  std::optional<std::string> if_range;
  // Sent only to the host of `url` itself, dropped on a redirect to another host.
  std::optional<std::string> bearer_token;
  std::uint64_t max_body_bytes = 0;  // for get(): refuse more than this; 0: 64 MiB
  HttpTrace* trace = nullptr;        // where to write down how it goes, also when it fails
};

struct HttpResponse {
  int status = 0;
  std::string effective_url;                                // after redirects
  std::map<std::string, std::string, std::less<>> headers;  // names in lower case
  std::string body;                                         // empty where a sink took it

  std::optional<std::string> header(std::string_view lower_case_name) const;
};

// Takes body bytes as they arrive; false aborts the transfer.
using BodySink = std::function<bool(std::span<const std::byte>)>;
// Called once per response, before its first body byte; false aborts.
using HeadSink = std::function<bool(const HttpResponse&)>;

// Several requests under way at once, on the caller's thread. Not thread-safe. Each gets a connection of its
// own; redirects are followed. Nothing is retried here.
class Transfers {
 public:
  using Id = std::uint64_t;
  struct Ended {
    Id id = 0;
    HttpResponse response;     // without the body that the sink took
    std::exception_ptr fault;  // set: what HttpClient::stream() would have thrown, or a sink threw
  };

  virtual ~Transfers() = default;
  // The sinks are called from within advance(). An address that is none ends at once, with a fault.
  virtual Id start(HttpRequest request, HeadSink head, BodySink sink) = 0;
  // Its sinks are not called any more, and it is never reported as ended. Not from within a sink.
  virtual void cancel(Id id) = 0;
  // Moves what can be moved, waiting at most `patience` for the first thing to happen. Throws
  // Error{interrupted}.
  virtual std::vector<Ended> advance(std::chrono::milliseconds patience) = 0;
};

// Thread-safe. Every call ends: connect, first-byte and stall time limits always apply.
// A status such as 404 is an answer, not an error. What could not be reached (name, connect, TLS, proxy,
// stall, connection cut) throws Error{unreachable} whose sentence names the hop and the cause, never
// credentials. Transient faults and 429/502/503/504 are retried here with backoff (Retry-After honoured)
// before that.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  virtual HttpResponse get(const HttpRequest& request) = 0;
  // One attempt, no retry: the caller resumes. `sink` receives the body of a 200 or 206 only.
  virtual HttpResponse stream(const HttpRequest& request, const HeadSink& head, const BodySink& sink) = 0;
  // The result must not outlive the client. What this base class gives makes one request after the other, by
  // stream().
  virtual std::unique_ptr<Transfers> transfers();
};

}  // namespace wheelfit::system
