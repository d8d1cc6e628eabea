// SPDX-License-Identifier: Apache-2.0
// A SOCKS5 proxy (RFC 1928, 1929) on a free loopback port. It resolves every name to 127.0.0.1, so that a
// test can see who resolves.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace wheelfit::test {

class SocksServer {
 public:
  // With credentials: a client that brings no others is turned away.
  explicit SocksServer(std::optional<std::pair<std::string, std::string>> credentials = std::nullopt);
  ~SocksServer();
  SocksServer(const SocksServer&) = delete;
  SocksServer& operator=(const SocksServer&) = delete;

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  std::vector<std::string> asked_for() const;  // host names, as the clients sent them

 private:
  void accept_connections();
  void serve(int client);
  bool admit(int client) const;
  std::optional<int> connect_as_asked(int client);

  std::optional<std::pair<std::string, std::string>> credentials_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;
  std::vector<std::string> asked_for_;
  std::vector<std::thread> connections_;
  std::thread acceptor_;
};

}  // namespace wheelfit::test
