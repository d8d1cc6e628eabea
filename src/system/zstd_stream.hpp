// SPDX-License-Identifier: Apache-2.0
// A zstd frame (RFC 8878) that is read while it is decompressed, in bounded memory.
#pragma once

#include <cstdint>
#include <istream>
#include <memory>
#include <string_view>

namespace wheelfit::system {

// `stored` must live as long. What is damaged, or longer than `most` bytes, ends where it went wrong: the
// reader of the text notices that it is cut short.
std::unique_ptr<std::istream> open_zstd(std::string_view stored, std::uint64_t most);

bool is_zstd(std::string_view bytes) noexcept;

}  // namespace wheelfit::system
