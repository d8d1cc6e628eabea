// SPDX-License-Identifier: Apache-2.0
// The scripts of a distribution: launchers for its entry points and the #! line of scripts it brings. Pure.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "python/entry_points.hpp"

namespace wheelfit::install {

// The lines that make the kernel start `interpreter`. A path with blanks, or too long for every Linux kernel
// (127 bytes with "#!" and the newline), goes through a /bin/sh line that Python reads as a string. Ends in
// '\n'.
std::string interpreter_line(const std::filesystem::path& interpreter);

// The script that imports the entry point's module and exits with what its function returns.
// Throws Error{refused, "entry-point"} where name, module or attribute are not what the specification allows:
// they become a file name and code.
std::string launcher_script(const python::EntryPoint& entry_point, const std::filesystem::path& interpreter);

// The content with its first line replaced, for a script that begins with "#!python" or "#!pythonw"; nullopt
// for any other, which is installed as it is.
std::optional<std::string> with_interpreter(std::string_view script,
                                            const std::filesystem::path& interpreter);

}  // namespace wheelfit::install
