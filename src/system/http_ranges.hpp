// SPDX-License-Identifier: Apache-2.0
// A remote file that is read by ranges (RFC 9110, 14): only what is asked for travels, and travels once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "base/text.hpp"
#include "system/byte_source.hpp"
#include "system/clock.hpp"
#include "system/http.hpp"
#include "system/retry_policy.hpp"

namespace wheelfit::system {

struct RangesAddress {
  std::string url;
  std::optional<std::string> bearer_token;  // as HttpRequest: never sent to another host
};

// The file cannot be read by ranges; by an ordinary download it may be had nevertheless.
struct NoRanges {
  Text reason;                   // "example.com answers a range with the whole file"
  std::uint64_t bytes_read = 0;  // what finding that out has cost
};

// After open(), read() throws Error{unreachable}: what HttpClient throws, and with code
//   "changed"      the file is not the one that open() saw
//   "wrong-range"  the server sends something else than it was asked for
//   "no-ranges"    it does not answer ranges any more
//   "http-<status>"
// Not thread-safe. Keeps every byte it has read.
class HttpRanges final : public ByteSource {
 public:
  // Asks for the file's end: as a suffix, or where the server does not know those, by its size. `http` and
  // `clock` must live as long as the result. What cannot be reached throws Error{unreachable}.
  static tl::expected<std::unique_ptr<HttpRanges>, NoRanges> open(HttpClient& http, Clock& clock,
                                                                  RangesAddress address,
                                                                  const RetryPolicy& retry = {});
  ~HttpRanges() override;

  std::uint64_t size() const override;
  void read(std::uint64_t offset, std::span<std::byte> into) override;

  std::uint64_t bytes_read() const noexcept;  // of bodies
  std::size_t requests() const noexcept;

 private:
  class State;
  explicit HttpRanges(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Whether an Error with this code of a read() means that only a download of the whole file helps.
bool wants_whole_file(std::string_view code) noexcept;

}  // namespace wheelfit::system
