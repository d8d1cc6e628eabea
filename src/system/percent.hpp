// SPDX-License-Identifier: Apache-2.0
// Percent-encoding (RFC 3986, section 2.1) and addresses of files. Pure.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace wheelfit::system {

// Every byte but ASCII letters, digits, "-._~" and those in `plain` as "%XX".
std::string percent_encoded(std::string_view text, std::string_view plain = "/");

// "%2B" -> "+"; what is no escape stays as it is. Bytes, not checked to be UTF-8.
std::string percent_decoded(std::string_view text);

// "file:///a%20b", as pip writes it. `absolute` is taken as it is.
std::string file_address(const std::filesystem::path& absolute);

}  // namespace wheelfit::system
