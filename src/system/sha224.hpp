// SPDX-License-Identifier: Apache-2.0
// SHA-224 (FIPS 180-4) of text at hand, over OpenSSL.
#pragma once

#include <string>
#include <string_view>

namespace wheelfit::system {

// 56 digits, lower case.
std::string sha224_hex(std::string_view bytes);

}  // namespace wheelfit::system
