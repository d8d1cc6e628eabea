// SPDX-License-Identifier: Apache-2.0
#include "system/interrupt.hpp"

#include <csignal>

#include "base/error.hpp"

namespace wheelfit::system {
namespace {

volatile std::sig_atomic_t flag = 0;

extern "C" void on_interrupt(int) { flag = 1; }

}  // namespace

void catch_interrupts() {
  for (const int signal : {SIGINT, SIGTERM}) {
    struct sigaction action{};
    action.sa_handler = on_interrupt;
    sigemptyset(&action.sa_mask);
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigaction(signal, &action, nullptr);
  }
}

bool interrupted() noexcept { return flag != 0; }

void throw_if_interrupted() {
  if (interrupted()) throw Error(ErrorKind::interrupted, text("interrupted"));
}

}  // namespace wheelfit::system
