// SPDX-License-Identifier: Apache-2.0
// The C and C++ libraries that the interpreter runs with.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "probe/environment.hpp"
#include "probe/python_layout.hpp"
#include "system/environment_variables.hpp"

namespace wheelfit::probe {

// The interpreter's PT_INTERP says glibc or musl; the version is read from that loader's own library.
LibC find_libc(const PythonLayout& layout, const system::EnvironmentVariables& variables,
               const RootedFiles& files);

// Newest version definition of the form <prefix>2.36 in an ELF library: "GLIBC_", "GLIBCXX_".
std::optional<python::Version> newest_version_definition(std::span<const std::byte> library,
                                                         std::string_view prefix);
// "... stable release version 2.36." in libc.so.6.
std::optional<python::Version> glibc_banner_version(std::string_view libc);
// __libc_version in musl's loader: a NUL-terminated "1.2.4".
std::optional<python::Version> musl_version(std::string_view loader);

}  // namespace wheelfit::probe
