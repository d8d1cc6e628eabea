// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "system/environment_variables.hpp"

namespace wheelfit::system {

enum class Stream { input, output, error };

bool is_terminal(Stream stream) noexcept;
// Columns: of the terminal, else COLUMNS, else 80.
unsigned terminal_width(Stream stream, const EnvironmentVariables& variables);

// Whether a stream gets colours: never with NO_COLOR (no-color.org) or TERM=dumb; always with a
// CLICOLOR_FORCE other than "0"; else on a terminal. Pure.
bool wants_color(bool terminal, const EnvironmentVariables& variables);

}  // namespace wheelfit::system
