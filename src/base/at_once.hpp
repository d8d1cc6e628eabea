// SPDX-License-Identifier: Apache-2.0
// Many small waits side by side.
#pragma once

#include <cstddef>
#include <functional>

namespace wheelfit {

// work(0) ... work(count - 1), at most `width` at a time, on threads of their own; one alone on the caller's.
// Returns when all that was begun has ended. After a failure no more is begun; what the first of them threw,
// in time, is thrown.
void at_once(std::size_t count, const std::function<void(std::size_t)>& work, unsigned width = 8);

}  // namespace wheelfit
