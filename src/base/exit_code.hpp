// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace wheelfit {

// What the process returns. Scripts rely on the numbers; they never change.
enum class ExitCode : int {
  done = 0,         // done, and proven as required
  unproven = 1,     // done, but something could not be proven here, or there are warnings
  refused = 2,      // nothing fits, or a proof failed
  unreachable = 3,  // a source could not be reached
  internal = 4,     // a fault of wheelfit or of the machine (disk full, no memory)
  usage = 64,       // wrong usage
  interrupted = 130,
};

}  // namespace wheelfit
