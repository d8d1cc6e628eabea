// SPDX-License-Identifier: Apache-2.0
#include "render/output.hpp"

#include <gmock/gmock.h>

#include <sstream>

#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace wheelfit::render {
namespace {

TEST(Output, KeepsResultsAndMessagesApart) {
  std::ostringstream results;
  std::ostringstream messages;
  Output output(results, messages);
  output.result("it fits\n");
  output.message("downloading\n");
  EXPECT_EQ(results.str(), "it fits\n");
  EXPECT_EQ(messages.str(), "downloading\n");
}

TEST(Output, WritesOneDocumentWithAFinalNewline) {
  std::ostringstream results;
  std::ostringstream messages;
  Output output(results, messages);
  output.document({{"schema_version", 1}, {"name", "\xff"}});
  EXPECT_EQ(results.str(), "{\n  \"schema_version\": 1,\n  \"name\": \"\xef\xbf\xbd\"\n}\n");
}

TEST(Output, DoesNotPretendThatALostResultWasWritten) {
  std::ostringstream results;
  std::ostringstream messages;
  results.setstate(std::ios::badbit);
  Output output(results, messages);
  EXPECT_THROW(output.result("it fits\n"), Error);
}

TEST(Output, LosesAMessageCalmly) {
  std::ostringstream results;
  std::ostringstream messages;
  messages.setstate(std::ios::badbit);
  Output output(results, messages);
  output.message("downloading\n");
  EXPECT_EQ(messages.str(), "");
}

}  // namespace
}  // namespace wheelfit::render
