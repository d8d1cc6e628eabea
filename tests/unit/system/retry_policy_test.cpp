// SPDX-License-Identifier: Apache-2.0
#include "system/retry_policy.hpp"

#include <gtest/gtest.h>

namespace wheelfit::system {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr RetryPolicy policy{5, 2, milliseconds(1000), milliseconds(5000), seconds(60)};

TEST(RetryPolicyTest, DoublesUpToALimit) {
  const milliseconds wanted[] = {milliseconds(1000), milliseconds(2000), milliseconds(4000),
                                 milliseconds(5000)};
  for (int made = 1; made <= 4; ++made) {
    EXPECT_EQ(delay_before_retry(policy, made, std::nullopt, 1.0), wanted[made - 1]) << made;
    EXPECT_EQ(delay_before_retry(policy, made, std::nullopt, 0.0), wanted[made - 1] / 2) << made;
  }
}

TEST(RetryPolicyTest, EndsAfterItsAttempts) {
  EXPECT_EQ(delay_before_retry(policy, 5, std::nullopt, 0.5), std::nullopt);
  EXPECT_EQ(delay_before_retry(policy, 5, seconds(1), 0.5), std::nullopt);
}

TEST(RetryPolicyTest, TakesTheServersWordWithinReason) {
  EXPECT_EQ(delay_before_retry(policy, 1, seconds(7), 0.9), seconds(7));
  EXPECT_EQ(delay_before_retry(policy, 1, seconds(0), 0.9), seconds(0));
  EXPECT_EQ(delay_before_retry(policy, 1, seconds(61), 0.9), std::nullopt);
}

TEST(RetryPolicyTest, NeverOverflows) {
  RetryPolicy patient = policy;
  patient.attempts = 1'000'000;
  EXPECT_EQ(delay_before_retry(patient, 999'999, std::nullopt, 1.0), milliseconds(5000));
}

TEST(RetryPolicyTest, TellsWhatPasses) {
  for (const int status : {408, 429, 500, 502, 503, 504}) EXPECT_TRUE(is_transient_status(status)) << status;
  for (const int status : {200, 206, 304, 400, 401, 403, 404, 410, 416, 501}) {
    EXPECT_FALSE(is_transient_status(status)) << status;
  }
  for (const char* code : {"timeout", "stalled", "cut-off"}) EXPECT_TRUE(is_transient_code(code)) << code;
  for (const char* code : {"", "resolve", "refused", "tls", "proxy-auth"})
    EXPECT_FALSE(is_transient_code(code));
}

TEST(RetryPolicyTest, ReadsRetryAfter) {
  const auto now = std::chrono::system_clock::from_time_t(784111777);  // Sun, 06 Nov 1994 08:49:37 GMT
  EXPECT_EQ(parse_retry_after("120", now), seconds(120));
  EXPECT_EQ(parse_retry_after("0", now), seconds(0));
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:50:37 GMT", now), seconds(60));
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:00:00 GMT", now), seconds(0));
  for (const char* bad : {"", "soon", "-1", "12s"})
    EXPECT_EQ(parse_retry_after(bad, now), std::nullopt) << bad;
}

}  // namespace
}  // namespace wheelfit::system
