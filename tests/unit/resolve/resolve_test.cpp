// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "examples.hpp"

namespace wheelfit::resolve {
namespace {

using namespace examples;
using testing::HasSubstr;

Decision decide(const probe::Environment& where, const std::vector<catalog::Candidate>& candidates,
                const Wishes& wishes = {}, const std::optional<InstalledState>& installed = std::nullopt,
                const catalog::Recipe& what = recipe()) {
  catalog::Catalog list;
  list.package = what.name;
  list.candidates.assign(candidates.begin(), candidates.end());
  catalog::Knowledge known = knowledge();
  known.recipes.push_back(what);
  return resolve(where, what, list, known, wishes, installed);
}

const LadderStep& step(const Decision& decision, Rung rung) {
  for (const LadderStep& found : decision.ladder) {
    if (found.rung == rung) return found;
  }
  throw std::runtime_error("no such rung");
}

TEST(Resolve, TakesTheWheelThatFits) {
  const Decision decision = decide(environment(), {candidate()});
  ASSERT_TRUE(decision.chosen);
  EXPECT_EQ(decision.chosen->kind, Rung::wheel);
  EXPECT_EQ(decision.chosen->proof, Proof::name);
  EXPECT_TRUE(step(decision, Rung::wheel).taken);
}

TEST(Resolve, EveryRungNotTakenHasItsReason) {
  const Decision decision = decide(environment(), {});
  EXPECT_FALSE(decision.chosen);
  EXPECT_EQ(decision.ladder.size(), 6U);
  for (const LadderStep& rung : decision.ladder) {
    EXPECT_FALSE(rung.taken);
    EXPECT_FALSE(rung.reason.empty());
  }
}

TEST(Resolve, WhatIsInstalledAndProvenStays) {
  const Decision decision = decide(environment(), {candidate()}, {}, InstalledState{"1.1", true, {}});
  ASSERT_TRUE(decision.chosen);
  EXPECT_EQ(decision.chosen->kind, Rung::installed);
  const Decision unproven =
      decide(environment(), {candidate()}, {}, InstalledState{"1.1", false, text("no receipt")});
  EXPECT_EQ(unproven.chosen->kind, Rung::wheel);
  EXPECT_THAT(step(unproven, Rung::installed).reason.english(), HasSubstr("no receipt"));
}

TEST(Resolve, ARelativeStandsOnItsOwnRung) {
  catalog::Recipe relative = recipe();
  relative.name = "other-demo";
  relative.relative_of = "demo";
  const Decision decision = decide(environment(), {candidate()}, {}, std::nullopt, relative);
  EXPECT_EQ(decision.chosen->kind, Rung::relative);
  EXPECT_TRUE(step(decision, Rung::relative).taken);
}

TEST(Resolve, SaysWhatHoldsForTheWholeEnvironmentOnce) {
  const Decision decision = decide(environment("python=3.11,torch=2.6.0+cpu"), {candidate()});
  ASSERT_EQ(decision.reasons.size(), 1U);
  EXPECT_EQ(decision.reasons.front().code, ReasonCode::torch_build);
  EXPECT_THAT(decision.hints.front().english(), HasSubstr("CUDA build of torch"));
}

TEST(Resolve, HintsNameTheSmallestChange) {
  const Decision decision =
      decide(environment(), {candidate("demo-1.2+cu12torch2.6cxx11abiFALSE-cp311-cp311-linux_x86_64.whl",
                                       catalog::Trust::community),
                             candidate("demo-1.2+cu12torch2.9cxx11abiFALSE-cp311-cp311-linux_x86_64.whl"),
                             candidate("demo-1.2+cu12torch2.7cxx11abiFALSE-cp311-cp311-linux_x86_64.whl")});
  ASSERT_EQ(decision.hints.size(), 2U);
  EXPECT_THAT(decision.hints[0].english(), HasSubstr("--trust community"));
  EXPECT_THAT(decision.hints[1].english(), HasSubstr("torch 2.7"));
}

class Guess : public testing::Test {
 protected:
  Guess() {
    demo.guess_url =
        "https://releases.example/v{version}/"
        "demo-{version}+{cuda}torch{torch}cxx11abi{abi}-{python}-{python}-{platform}.whl";
    demo.guesses.push_back({specifiers(">=1.2"), {}, 11, "cu11", "", "setup.py"});
    demo.guesses.push_back({specifiers(">=1.2"), {}, std::nullopt, "cu12", "", "setup.py"});
    demo.guesses.push_back(
        {specifiers("<1.2"), {}, std::nullopt, "cu{major}{minor}", "linux_x86_64", "setup.py"});
    demo.sdists = {version("1.1"), version("1.2"), version("1.3rc1")};
  }
  catalog::Recipe demo = recipe();
};

TEST_F(Guess, IsWhatSetupPyWouldTry) {
  const Decision decision = decide(environment(), {candidate()}, {}, std::nullopt, demo);
  ASSERT_TRUE(decision.upstream_guess);
  EXPECT_EQ(decision.upstream_guess->url,
            "https://releases.example/v1.2/demo-1.2+cu12torch2.6cxx11abiFALSE-cp311-cp311-linux_x86_64.whl");
  EXPECT_EQ(decision.upstream_guess->exists, true);
}

TEST_F(Guess, FollowsTheWishedVersionsRule) {
  Wishes wishes;
  wishes.version = specifiers("==1.1");
  const Decision decision = decide(environment(), {candidate()}, wishes, std::nullopt, demo);
  EXPECT_THAT(decision.upstream_guess->url, HasSubstr("v1.1/demo-1.1+cu124torch2.6"));
  EXPECT_EQ(decision.upstream_guess->exists, false);
}

TEST_F(Guess, TellsThatTheGuessedWheelIsBad) {
  catalog::Candidate mislabelled = candidate();
  mislabelled.knowledge.edit().bad = catalog::Sourced<std::string>{"labelled FALSE, built TRUE", "an issue"};
  const Decision decision = decide(environment(), {mislabelled}, {}, std::nullopt, demo);
  EXPECT_EQ(decision.upstream_guess->exists, true);
  EXPECT_THAT(decision.upstream_guess->remark.english(), HasSubstr("labelled FALSE, built TRUE"));
}

TEST_F(Guess, IsNotMadeWithoutTorch) {
  EXPECT_FALSE(decide(environment("python=3.11"), {candidate()}, {}, std::nullopt, demo).upstream_guess);
}

}  // namespace
}  // namespace wheelfit::resolve
