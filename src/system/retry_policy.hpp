// SPDX-License-Identifier: Apache-2.0
// When to ask again, and after how long. Pure: time and chance are given.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace wheelfit::system {

struct RetryPolicy {
  int attempts = 4;  // in all
  int connect_attempts =
      2;  // of a host that does not even answer ("timeout"): each costs the whole time limit
  std::chrono::milliseconds first_delay{500};
  std::chrono::milliseconds longest_delay{15'000};
  std::chrono::milliseconds longest_retry_after{60'000};  // a server that wants more is not waited for
};

// 408, 429, 500, 502, 503, 504: the same request may be answered later.
bool is_transient_status(int status) noexcept;
// By Error::code() of an HttpClient: "timeout", "stalled", "cut-off".
bool is_transient_code(std::string_view code) noexcept;
// How often something that fails with this code is attempted in all.
int attempts_for(const RetryPolicy& policy, std::string_view code) noexcept;

// The pause before attempt `made` + 1 of something transient, doubling each time and spread by `jitter` (0 to
// 1) over its upper half. A server's Retry-After is taken as it is. nullopt: give up.
std::optional<std::chrono::milliseconds> delay_before_retry(const RetryPolicy& policy, int made,
                                                            std::optional<std::chrono::seconds> retry_after,
                                                            double jitter);

// RFC 9110, 10.2.3: seconds or a date. nullopt: neither.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view value,
                                                      std::chrono::system_clock::time_point now);

}  // namespace wheelfit::system
