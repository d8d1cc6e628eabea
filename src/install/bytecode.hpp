// SPDX-License-Identifier: Apache-2.0
// Where Python keeps what it compiled of a module: __pycache__/<stem>.<tag>.pyc (PEP 3147).
#pragma once

#include <filesystem>
#include <vector>

namespace wheelfit::install {

// The bytecode files of any interpreter and optimisation level that lie there now; none for anything but a
// .py.
std::vector<std::filesystem::path> bytecode_of(const std::filesystem::path& source);

}  // namespace wheelfit::install
