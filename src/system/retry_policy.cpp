// SPDX-License-Identifier: Apache-2.0
#include "system/retry_policy.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <iomanip>
#include <locale>
#include <sstream>
#include <string>

namespace wheelfit::system {

bool is_transient_status(int status) noexcept {
  switch (status) {
    case 408:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
      return true;
    default:
      return false;
  }
}

bool is_transient_code(std::string_view code) noexcept {
  return code == "timeout" || code == "stalled" || code == "cut-off";
}

int attempts_for(const RetryPolicy& policy, std::string_view code) noexcept {
  return code == "timeout" ? std::min(policy.attempts, policy.connect_attempts) : policy.attempts;
}

std::optional<std::chrono::milliseconds> delay_before_retry(const RetryPolicy& policy, int made,
                                                            std::optional<std::chrono::seconds> retry_after,
                                                            double jitter) {
  if (made >= policy.attempts) return std::nullopt;
  if (retry_after) {
    const std::chrono::milliseconds asked = *retry_after;
    if (asked > policy.longest_retry_after) return std::nullopt;
    return std::max(asked, std::chrono::milliseconds(0));
  }
  const int doublings = std::clamp(made - 1, 0, 20);
  const auto full = std::min(policy.first_delay * (1 << doublings), policy.longest_delay);
  const auto half = full / 2;
  return half +
         std::chrono::milliseconds(static_cast<std::int64_t>(static_cast<double>(half.count()) * jitter));
}

std::optional<std::chrono::seconds> parse_retry_after(std::string_view value,
                                                      std::chrono::system_clock::time_point now) {
  int seconds = 0;
  const char* end = value.data() + value.size();
  const auto read = std::from_chars(value.data(), end, seconds);
  if (read.ec == std::errc() && read.ptr == end && seconds >= 0) return std::chrono::seconds(seconds);

  std::tm date{};
  std::istringstream in{std::string(value)};
  in.imbue(std::locale::classic());
  in >> std::get_time(&date, "%a, %d %b %Y %H:%M:%S");
  if (in.fail()) return std::nullopt;
  const auto when = std::chrono::system_clock::from_time_t(timegm(&date));
  return std::max(std::chrono::duration_cast<std::chrono::seconds>(when - now), std::chrono::seconds(0));
}

}  // namespace wheelfit::system
