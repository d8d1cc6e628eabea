// SPDX-License-Identifier: Apache-2.0
#include "system/loopback_port.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/error.hpp"

namespace wheelfit::system {
namespace {

class Socket {
 public:
  Socket() noexcept : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  ~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int descriptor() const noexcept { return descriptor_; }

 private:
  int descriptor_;
};

sockaddr_in loopback(std::uint16_t port) noexcept {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

}  // namespace

std::uint16_t free_loopback_port() {
  const Socket socket;
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (socket.descriptor() < 0 || ::bind(socket.descriptor(), generic, size) != 0 ||
      ::getsockname(socket.descriptor(), generic, &size) != 0)
    throw Error(ErrorKind::machine,
                text("no port of this machine can be had: {}", std::generic_category().message(errno)));
  return ntohs(address.sin_port);
}

bool listens_on_loopback(std::uint16_t port) noexcept {
  const Socket socket;
  const sockaddr_in address = loopback(port);
  return socket.descriptor() >= 0 &&
         ::connect(socket.descriptor(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
}

}  // namespace wheelfit::system
