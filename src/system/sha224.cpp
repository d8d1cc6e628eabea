// SPDX-License-Identifier: Apache-2.0
#include "system/sha224.hpp"

#include <array>

#include <openssl/evp.h>

#include "base/error.hpp"

namespace wheelfit::system {

std::string sha224_hex(std::string_view bytes) {
  std::array<unsigned char, 28> digest{};
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha224(), nullptr) != 1) {
    throw Error(ErrorKind::internal, text("the SHA-224 of OpenSSL does not work here"));
  }
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (const unsigned char byte : digest) {
    hex += digits[byte >> 4U];
    hex += digits[byte & 15U];
  }
  return hex;
}

}  // namespace wheelfit::system
