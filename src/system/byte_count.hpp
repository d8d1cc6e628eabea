// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace wheelfit::system {

// "5G" "5GB" "1.5 GB" (decimal), "500MiB" (binary), "1000000". nullopt: it is no size, or too large. Pure.
std::optional<std::uint64_t> parse_byte_count(std::string_view text) noexcept;

}  // namespace wheelfit::system
