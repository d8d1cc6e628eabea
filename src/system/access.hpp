// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace wheelfit::system {

std::uint32_t effective_user() noexcept;
// The number of the user that it belongs to. nullopt: it is not there, or may not be looked at.
std::optional<std::uint32_t> owner_number(const std::filesystem::path& path) noexcept;

}  // namespace wheelfit::system
