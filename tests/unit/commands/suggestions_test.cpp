// SPDX-License-Identifier: Apache-2.0
#include "commands/suggestions.hpp"

#include <gtest/gtest.h>

namespace wheelfit::commands {
namespace {

const std::vector<std::string> names{"flash-attn", "vllm-flash-attn", "mamba-ssm"};

TEST(Suggestions, FindsWhatATypingErrorMeant) {
  EXPECT_EQ(nearest_name("flash-atn", names), "flash-attn");
  EXPECT_EQ(nearest_name("flahs-attn", names), "flash-attn");
  EXPECT_EQ(nearest_name("mamba-sm", names), "mamba-ssm");
}

TEST(Suggestions, SaysNothingWhereNothingIsNear) { EXPECT_EQ(nearest_name("numpy", names), std::nullopt); }

}  // namespace
}  // namespace wheelfit::commands
