// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4) as a stream, over OpenSSL, which uses the processor's own instructions.
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace wheelfit::system {

using Sha256Digest = std::array<std::byte, 32>;

// Not thread-safe.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void update(std::span<const std::byte> bytes);
  Sha256Digest finish();  // and begins anew

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string to_hex(const Sha256Digest& digest);             // lower case
std::string to_urlsafe_base64(const Sha256Digest& digest);  // without '=', as RECORD wants it

Sha256Digest sha256_of(std::string_view bytes);
Sha256Digest sha256_of_file(const std::filesystem::path& file);  // throws Error{machine}

}  // namespace wheelfit::system
