// SPDX-License-Identifier: Apache-2.0
#include "support/http_server.hpp"

#include <algorithm>
#include <array>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace wheelfit::test {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

int listen_on_free_port(int& port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (listener < 0 || bind(listener, generic, length) != 0 || listen(listener, 64) != 0 ||
      getsockname(listener, generic, &length) != 0) {
    throw std::runtime_error("no loopback port to listen on");
  }
  port = ntohs(address.sin_port);
  return listener;
}

std::string read_head(int connection) {
  std::string head;
  std::array<char, 4096> buffer;
  while (head.find("\r\n\r\n") == std::string::npos) {
    const ssize_t got = recv(connection, buffer.data(), buffer.size(), 0);
    if (got <= 0) return "";
    head.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return head;
}

ServerRequest parse_head(const std::string& head) {
  ServerRequest request;
  std::istringstream lines(head);
  std::string line;
  std::getline(lines, line);
  std::istringstream(line) >> request.method >> request.target;
  while (std::getline(lines, line) && line != "\r") {
    const std::size_t colon = line.find(": ");
    if (colon == std::string::npos) continue;
    request.headers[lower(line.substr(0, colon))] = line.substr(colon + 2, line.size() - colon - 3);
  }
  return request;
}

std::string head_of(const ServerResponse& response) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " Status\r\nConnection: close\r\n";
  for (const auto& [name, value] : response.headers) head += name + ": " + value + "\r\n";
  if (!response.without_length) {
    head +=
        "Content-Length: " + std::to_string(response.promised_length.value_or(response.body.size())) + "\r\n";
  }
  return head + "\r\n";
}

bool send_all(int connection, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void hold_open(int connection, const std::atomic<bool>& stopping) {
  std::array<char, 16> ignored;
  while (!stopping) {
    pollfd wait{connection, POLLIN, 0};
    if (poll(&wait, 1, 10) > 0 && recv(connection, ignored.data(), ignored.size(), 0) <= 0) return;
  }
}

}  // namespace

std::optional<std::string> ServerRequest::header(std::string_view lower_case_name) const {
  const auto found = headers.find(lower_case_name);
  if (found == headers.end()) return std::nullopt;
  return found->second;
}

ServerResponse serve_file(const ServerRequest& request, const std::string& content, const std::string& etag) {
  ServerResponse response;
  response.headers = {{"ETag", etag}, {"Accept-Ranges", "bytes"}};
  response.body = content;
  const auto range = request.header("range");
  const auto if_range = request.header("if-range");
  if (!range || (if_range && *if_range != etag)) return response;
  const std::size_t from = std::stoul(range->substr(std::string("bytes=").size()));
  if (from >= content.size()) {
    response.status = 416;
    response.body.clear();
    response.headers.emplace_back("Content-Range", "bytes */" + std::to_string(content.size()));
    return response;
  }
  response.status = 206;
  response.body = content.substr(from);
  response.headers.emplace_back("Content-Range", "bytes " + std::to_string(from) + "-" +
                                                     std::to_string(content.size() - 1) + "/" +
                                                     std::to_string(content.size()));
  return response;
}

HttpServer::HttpServer(Handler handler) : handler_(std::move(handler)) {
  listener_ = listen_on_free_port(port_);
  acceptor_ = std::thread([this] { accept_connections(); });
}

HttpServer::~HttpServer() {
  stopping_ = true;
  acceptor_.join();
  for (std::thread& connection : connections_) connection.join();
  close(listener_);
}

std::string HttpServer::url(std::string_view path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
}

std::vector<ServerRequest> HttpServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void HttpServer::accept_connections() {
  while (!stopping_) {
    pollfd wait{listener_, POLLIN, 0};
    if (poll(&wait, 1, 10) <= 0) continue;
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    connections_.emplace_back([this, connection] {
      serve(connection);
      close(connection);
    });
  }
}

void HttpServer::serve(int connection) {
  const std::string head = read_head(connection);
  if (head.empty()) return;
  const ServerRequest request = parse_head(head);
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
  }
  const ServerResponse response = handler_(request);
  if (response.silent) return hold_open(connection, stopping_);
  if (!send_all(connection, head_of(response)) || request.method == "HEAD") return;

  const std::size_t end = std::min({response.body.size(), response.cut_after.value_or(response.body.size()),
                                    response.stall_after.value_or(response.body.size())});
  constexpr std::size_t piece = 16384;
  for (std::size_t at = 0; at < end && !stopping_; at += piece) {
    if (!send_all(connection, std::string_view(response.body).substr(at, std::min(piece, end - at)))) return;
    if (response.pause_between_pieces.count() > 0) std::this_thread::sleep_for(response.pause_between_pieces);
  }
  if (response.stall_after) hold_open(connection, stopping_);
}

int closed_port() {
  int port = 0;
  close(listen_on_free_port(port));
  return port;
}

}  // namespace wheelfit::test
