// SPDX-License-Identifier: Apache-2.0
// One request for a part of a file, and what came of it. What a server claims is held against what it sends;
// no more is taken than was asked for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "system/http.hpp"

namespace wheelfit::system {

struct RangeWish {
  std::optional<std::uint64_t> first;  // nullopt: the file's last `length` bytes, all of a shorter one
  std::uint64_t length = 0;            // at least 1

  std::string header() const;  // "bytes=5-9", "bytes=-5"
};

struct RangeAnswer {
  enum class Kind {
    bytes,       // what was wished for
    whole_file,  // 200 to a range: not read
    wrong,       // 206, but not what was wished for
    refused,     // another status
  };
  Kind kind = Kind::refused;
  HttpResponse head;                   // without a body
  std::uint64_t first = 0;             // bytes: where they lie in the file
  std::optional<std::uint64_t> total;  // of the file, where the answer says it
  std::vector<std::byte> bytes;
};

// `request` comes without a Range header. Adds to `received` what bodies brought, also when it throws.
RangeAnswer request_range(HttpClient& http, HttpRequest request, const RangeWish& wish,
                          std::uint64_t& received);

}  // namespace wheelfit::system
