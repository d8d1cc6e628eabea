// SPDX-License-Identifier: Apache-2.0
#include "render/later.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace wheelfit::render {
namespace {

using testing::HasSubstr;

TEST(LaterText, TheEntryPointBecomesTheProgramAndQuotesWhatItMust) {
  EXPECT_EQ(
      entry_point({"wheelfit", "install", "--finish", "--store", "/a b"}),
      R"(ENTRYPOINT ["/bin/sh", "-c", "wheelfit install --finish --store '/a b' >&2 && exec \"$@\"", "start"])");
}

TEST(LaterText, SaysWhatWaitsAndWhere) {
  const LaterView left{
      LaterOutcome::left, {"flash-attn"}, "/env/later.json", {"wheelfit", "install", "--finish"}};
  EXPECT_THAT(later_text(left, {}),
              testing::StartsWith("Left for the first start on a machine with a GPU: flash-attn\n"));
  EXPECT_THAT(later_text(left, {}), HasSubstr("/env/later.json\n"));
  EXPECT_THAT(later_text(left, {}), testing::EndsWith("\"start\"]\n"));
  EXPECT_EQ(later_json(left)["outcome"], "left-for-later");
  EXPECT_EQ(later_json(left)["entry_point"], entry_point(left.command));
}

TEST(LaterText, TellsWaitingFromNothing) {
  const LaterView waiting{LaterOutcome::waiting, {"flash-attn"}, "/env/later.json", {}};
  EXPECT_THAT(later_text(waiting, {}), testing::StartsWith("No GPU is here: flash-attn waits"));
  EXPECT_EQ(later_json(waiting)["outcome"], "waiting");
  const LaterView nothing{LaterOutcome::nothing, {}, "/env/later.json", {}};
  EXPECT_EQ(later_json(nothing)["outcome"], "nothing-to-do");
  EXPECT_EQ(later_json(nothing)["entry_point"], nullptr);
}

}  // namespace
}  // namespace wheelfit::render
