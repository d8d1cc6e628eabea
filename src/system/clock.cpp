// SPDX-License-Identifier: Apache-2.0
#include "system/clock.hpp"

#include <thread>

namespace wheelfit::system {

void RealClock::sleep(std::chrono::milliseconds duration) { std::this_thread::sleep_for(duration); }

}  // namespace wheelfit::system
