// SPDX-License-Identifier: Apache-2.0
#include "base/activity.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

#include "support/recording_reporter.hpp"

namespace wheelfit {
namespace {

TEST(ActivityTest, EndsWithItsScopeHoweverThatEnds) {
  test::RecordingReporter report;
  try {
    const Activity working(report, text("Reading {}", "x"), 7);
    ASSERT_EQ(report.work().size(), 1U);
    EXPECT_FALSE(report.work()[0].finished);
    throw std::runtime_error("cut off");
  } catch (const std::runtime_error&) {
  }
  EXPECT_TRUE(report.work()[0].finished);
  EXPECT_EQ(report.work()[0].what, "Reading x");
  EXPECT_EQ(report.work()[0].total, 7U);
}

}  // namespace
}  // namespace wheelfit
