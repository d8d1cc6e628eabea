// SPDX-License-Identifier: Apache-2.0
// TCP ports of this machine alone (127.0.0.1).
#pragma once

#include <cstdint>

namespace wheelfit::system {

// One that nobody uses now; somebody else may take it before the caller does. Throws Error{machine} where no
// socket can be had.
std::uint16_t free_loopback_port();

// Whether somebody takes connections there.
bool listens_on_loopback(std::uint16_t port) noexcept;

}  // namespace wheelfit::system
