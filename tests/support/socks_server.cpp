// SPDX-License-Identifier: Apache-2.0
#include "support/socks_server.hpp"

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace wheelfit::test {
namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// Exactly so many bytes; "" when the other side has gone.
std::string receive(int from, std::size_t length) {
  std::string bytes(length, '\0');
  if (length != 0 && recv(from, bytes.data(), length, MSG_WAITALL) != static_cast<ssize_t>(length)) return "";
  return bytes;
}

// A length byte and that many characters.
std::string receive_string(int from) {
  const std::string length = receive(from, 1);
  return length.empty() ? "" : receive(from, static_cast<std::uint8_t>(length[0]));
}

bool reply(int to, std::string_view bytes) {
  return send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
}

void relay(int one, int other, const std::atomic<bool>& stopping) {
  std::array<char, 16384> buffer;
  while (!stopping) {
    std::array<pollfd, 2> waits{{{one, POLLIN, 0}, {other, POLLIN, 0}}};
    if (poll(waits.data(), waits.size(), 10) <= 0) continue;
    for (std::size_t at = 0; at < 2; ++at) {
      if (waits[at].revents == 0) continue;
      const ssize_t got = recv(waits[at].fd, buffer.data(), buffer.size(), 0);
      if (got <= 0 || !reply(waits[1 - at].fd, {buffer.data(), static_cast<std::size_t>(got)})) return;
    }
  }
}

}  // namespace

SocksServer::SocksServer(std::optional<std::pair<std::string, std::string>> credentials)
    : credentials_(std::move(credentials)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (listener_ < 0 || bind(listener_, generic, length) != 0 || listen(listener_, 16) != 0 ||
      getsockname(listener_, generic, &length) != 0) {
    throw std::runtime_error("no loopback port to listen on");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_connections(); });
}

SocksServer::~SocksServer() {
  stopping_ = true;
  acceptor_.join();
  for (std::thread& connection : connections_) connection.join();
  close(listener_);
}

std::vector<std::string> SocksServer::asked_for() const {
  const std::lock_guard lock(mutex_);
  return asked_for_;
}

void SocksServer::accept_connections() {
  while (!stopping_) {
    pollfd wait{listener_, POLLIN, 0};
    if (poll(&wait, 1, 10) <= 0) continue;
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    connections_.emplace_back([this, client] {
      serve(client);
      close(client);
    });
  }
}

void SocksServer::serve(int client) {
  if (!admit(client)) return;
  const std::optional<int> target = connect_as_asked(client);
  if (!target) return;
  relay(client, *target, stopping_);
  close(*target);
}

bool SocksServer::admit(int client) const {
  if (receive(client, 1) != "\x05") return false;
  const std::string methods = receive_string(client);
  const char wanted = credentials_ ? '\x02' : '\x00';
  if (methods.find(wanted) == std::string::npos) {
    reply(client, std::string_view("\x05\xff", 2));
    return false;
  }
  if (!credentials_) return reply(client, std::string_view("\x05\x00", 2));
  if (!reply(client, std::string_view("\x05\x02", 2)) || receive(client, 1) != "\x01") return false;
  const std::string user = receive_string(client);
  const std::string password = receive_string(client);
  const bool known = std::pair(user, password) == *credentials_;
  reply(client, known ? std::string_view("\x01\x00", 2) : std::string_view("\x01\x01", 2));
  return known;
}

std::optional<int> SocksServer::connect_as_asked(int client) {
  const std::string head = receive(client, 4);  // version, CONNECT, reserved, kind of address
  if (head.empty()) return std::nullopt;
  const std::string host = head[3] == 3 ? receive_string(client) : receive(client, 4);
  const std::string port = receive(client, 2);
  if (port.empty()) return std::nullopt;
  {
    const std::lock_guard lock(mutex_);
    asked_for_.push_back(head[3] == 3 ? host : "an address");
  }
  const int target = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address =
      loopback(static_cast<std::uint8_t>(port[0]) * 256 + static_cast<std::uint8_t>(port[1]));
  const bool connected = connect(target, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  std::string answer("\x05\x00\x00\x01\x7f\x00\x00\x01", 8);
  answer[1] = connected ? '\x00' : '\x05';
  reply(client, answer + port);
  if (connected) return target;
  close(target);
  return std::nullopt;
}

}  // namespace wheelfit::test
