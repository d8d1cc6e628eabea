// SPDX-License-Identifier: Apache-2.0
// What an archive's directory may hold before anything of it is believed. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "system/zip.hpp"

namespace wheelfit::install {

// Whether a name in an archive stays below the directory it is unpacked into, on every system: relative, '/'
// separated, without "..", ".", empty parts, backslashes, drive letters or control characters. One '/' at the
// end is a directory's.
bool stays_inside(std::string_view name) noexcept;

// Throws Error{refused} with "path-escape", "symlink", "duplicate-name", "case-collision" or "ratio".
// The bound on compression: deflate reaches 1032:1 on zeroes and nothing else; a member of more than 64 MiB
// at over 1000:1 is a bomb, and so is an archive of more than 64 GiB in all (the largest wheel known, torch
// for CUDA, unpacks to 4 GB).
void check_entries(const std::vector<system::ZipEntry>& entries);

}  // namespace wheelfit::install
