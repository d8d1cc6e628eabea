// SPDX-License-Identifier: Apache-2.0
#include "system/loopback_port.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace wheelfit::system {
namespace {

TEST(LoopbackPort, IsFreeUntilSomebodyListensThere) {
  const std::uint16_t port = free_loopback_port();
  EXPECT_FALSE(listens_on_loopback(port));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_EQ(::bind(server, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  EXPECT_FALSE(listens_on_loopback(port)) << "taken, but nobody listens";
  ASSERT_EQ(::listen(server, 1), 0);
  EXPECT_TRUE(listens_on_loopback(port));
  ::close(server);
}

}  // namespace
}  // namespace wheelfit::system
