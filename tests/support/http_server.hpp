// SPDX-License-Identifier: Apache-2.0
// An HTTP/1.1 server on a free loopback port that can misbehave on the wire: cut, stall, lie about lengths.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace wheelfit::test {

struct ServerRequest {
  std::string method;
  std::string target;  // "/path?query"; a whole address when the server is used as a proxy
  std::map<std::string, std::string, std::less<>> headers;  // names in lower case

  std::optional<std::string> header(std::string_view lower_case_name) const;
};

struct ServerResponse {
  int status = 200;
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::optional<std::uint64_t> promised_length = std::nullopt;  // instead of the body's own
  bool without_length = false;                                  // the end of the connection ends the body
  std::optional<std::size_t> cut_after = std::nullopt;          // body bytes; then the connection is closed
  std::optional<std::size_t> stall_after = std::nullopt;        // body bytes; then nothing more comes
  bool silent = false;                                          // no answer at all, the connection stays open
  std::chrono::milliseconds pause_between_pieces{0};            // of 16 KiB
};

// What an honest static file server says: Range, If-Range (by ETag) and 416 are understood.
ServerResponse serve_file(const ServerRequest& request, const std::string& content, const std::string& etag);

class HttpServer {
 public:
  // Called from the connections' own threads.
  using Handler = std::function<ServerResponse(const ServerRequest&)>;
  explicit HttpServer(Handler handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::string url(std::string_view path) const;  // "http://127.0.0.1:PORT" + path
  int port() const noexcept { return port_; }
  std::vector<ServerRequest> requests() const;

 private:
  void accept_connections();
  void serve(int connection);

  Handler handler_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;
  std::vector<ServerRequest> requests_;
  std::vector<std::thread> connections_;
  std::thread acceptor_;
};

// A port on which nobody listens.
int closed_port();

}  // namespace wheelfit::test
