// SPDX-License-Identifier: Apache-2.0
#include "verify/documents.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wheelfit::verify {
namespace {

system::ProcessResult printed(std::string output) {
  system::ProcessResult child;
  child.exit_code = 0;
  child.output = std::move(output);
  return child;
}

TEST(ReadAttention, CountsAsComputedWhenEveryCheckPassed) {
  Report report;
  read_attention(printed(R"({"gpu": "H200", "checks": [{"name": "a", "result": "passed", "detail": ""},
)"
                         "\n"),
                 report);
  EXPECT_TRUE(report.failed) << "a document that is cut off proves nothing";
  report = {};
  read_attention(
      printed(
          "noise\n"
          R"({"gpu": "H200", "checks": [{"name": "a", "result": "passed", "detail": ""}, {"name": "b", "result": "not_checked", "detail": "too old"}], "timings": [{"shape": "b4", "milliseconds": 0.5, "sdpa_milliseconds": 1}]})"
          "\n"),
      report);
  EXPECT_TRUE(report.computed);
  EXPECT_FALSE(report.failed);
  EXPECT_EQ(report.gpu, "H200");
  ASSERT_EQ(report.timings.size(), 1U);
  EXPECT_DOUBLE_EQ(report.timings[0].sdpa_milliseconds, 1.0);
}

TEST(ReadAttention, OneWrongNumberFailsIt) {
  Report report;
  read_attention(
      printed(
          R"({"checks": [{"name": "a", "result": "passed"}, {"name": "b", "result": "failed", "detail": "off"}]})"),
      report);
  EXPECT_FALSE(report.computed);
  EXPECT_TRUE(report.failed);
}

TEST(ReadAttention, AnUnknownResultIsAFailure) {
  Report report;
  read_attention(printed(R"({"checks": [{"name": "a", "result": "maybe"}]})"), report);
  EXPECT_TRUE(report.failed);
}

TEST(HowItEnded, SaysWhatTheInterpreterSaidLast) {
  system::ProcessResult child;
  child.exit_code = 1;
  child.error = "Traceback\nImportError: no\n";
  EXPECT_EQ(how_it_ended(child).english(), "the interpreter ended with status 1: ImportError: no");
}

}  // namespace
}  // namespace wheelfit::verify
