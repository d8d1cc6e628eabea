// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace wheelfit::system {

std::uint32_t effective_user() noexcept;
// nullopt: it is not there, or may not be looked at.
std::optional<std::uint32_t> owner_of(const std::filesystem::path& path) noexcept;
bool may_write(const std::filesystem::path& path) noexcept;

}  // namespace wheelfit::system
