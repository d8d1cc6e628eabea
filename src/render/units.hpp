// SPDX-License-Identifier: Apache-2.0
// Sizes, times and counts in words: the one place for them. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "base/text.hpp"

namespace wheelfit::render {

// Decimal units, three digits at most: "512 B", "9.4 kB", "183 MB", "1.2 GB".
std::string bytes_text(std::uint64_t bytes);

// "15 MB/s"
std::string speed_text(double bytes_per_second);

// "0.4 s", "2.1 s", "45 s", "3 min 12 s", "1 h 5 min"
Text duration_text(double seconds);

// `one` for 1, else `many`.
const Text& plural(std::uint64_t count, const Text& one, const Text& many) noexcept;

}  // namespace wheelfit::render
