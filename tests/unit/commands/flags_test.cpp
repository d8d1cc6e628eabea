// SPDX-License-Identifier: Apache-2.0
#include "commands/flags.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wheelfit::commands {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Decided chosen(resolve::Rung rung) {
  Decided decided;
  decided.decision.chosen.emplace();
  decided.decision.chosen->kind = rung;
  return decided;
}

TEST(Flags, AChannelIsRepeatedWhereItsPackageWasChosen) {
  Settings settings;
  settings.network.conda_channel = "https://conda.example/ours";
  EXPECT_THAT(flags_to_repeat(settings, chosen(resolve::Rung::conda)),
              ElementsAre("--conda-channel", "https://conda.example/ours"));
  EXPECT_THAT(flags_to_repeat(settings, chosen(resolve::Rung::wheel)), IsEmpty());
  EXPECT_THAT(flags_to_repeat(settings, {}), IsEmpty());
}

TEST(Flags, AChannelWithASecretIsNot) {
  for (const char* channel :
       {"https://me:hunter2@conda.example/ours", "https://conda.example/t/hunter2/ours"}) {
    Settings settings;
    settings.network.conda_channel = channel;
    EXPECT_THAT(flags_to_repeat(settings, chosen(resolve::Rung::conda)), IsEmpty()) << channel;
  }
}

}  // namespace
}  // namespace wheelfit::commands
