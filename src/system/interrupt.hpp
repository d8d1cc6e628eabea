// SPDX-License-Identifier: Apache-2.0
// Ctrl-C as a flag: transfers and children look at it, clean up and end with Error{interrupted}.
#pragma once

namespace wheelfit::system {

// From now on SIGINT and SIGTERM set the flag; a second one ends the process at once. Called once, by main.
void catch_interrupts();
bool interrupted() noexcept;
void throw_if_interrupted();  // Error{interrupted}

}  // namespace wheelfit::system
