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

class TheFallback : public testing::Test {
 protected:
  TheFallback() {
    demo.fallback = catalog::Fallback{"sdpa",
                                      {version("1.0.9"), version("1.1.post1"), version("1.2")},
                                      "fallback/demo",
                                      "version.py",
                                      "demo",
                                      specifiers(">=2.2"),
                                      specifiers(">=3.8"),
                                      "demo on torch"};
    permitted.fallback = "sdpa";
    only.only = Rung::fallback;
  }
  Decision decide_here(const std::vector<catalog::Candidate>& candidates, const Wishes& wishes,
                       const std::optional<InstalledState>& installed = std::nullopt,
                       const char* spec = "python=3.11,torch=2.6.0+cu124,abi=false,glibc=2.35") {
    return decide(environment(spec), candidates, wishes, installed, demo);
  }
  catalog::Recipe demo = recipe();
  Wishes permitted;
  Wishes only;
};

TEST_F(TheFallback, IsNotTakenWithoutTheCallersWordButNamed) {
  const Decision decision = decide_here({}, {});
  EXPECT_FALSE(decision.chosen);
  EXPECT_THAT(step(decision, Rung::fallback).reason.english(), HasSubstr("--fallback sdpa"));
  ASSERT_FALSE(decision.hints.empty());
  EXPECT_THAT(decision.hints.back().english(), HasSubstr("--fallback sdpa"));
  EXPECT_LE(decision.hints.size(), 3U);
}

TEST_F(TheFallback, IsTakenWhereNothingFitsAndTheCallerPermitsIt) {
  const Decision decision = decide_here({}, permitted);
  ASSERT_TRUE(decision.chosen);
  EXPECT_EQ(decision.chosen->kind, Rung::fallback);
  EXPECT_EQ(decision.chosen->judgement.candidate->name, "demo-1.2+sdpa-py3-none-any.whl");
  EXPECT_EQ(decision.chosen->judgement.candidate->fields.version.to_string(), "1.2+sdpa");
  EXPECT_EQ(decision.chosen->proof, Proof::none);
  EXPECT_TRUE(step(decision, Rung::fallback).taken);
  EXPECT_FALSE(step(decision, Rung::wheel).reason.empty());
}

TEST_F(TheFallback, IsAPermissionNotAnOrder) {
  const Decision decision = decide_here({candidate()}, permitted);
  EXPECT_EQ(decision.chosen->kind, Rung::wheel);
  EXPECT_THAT(step(decision, Rung::fallback).reason.english(), HasSubstr("higher rung"));
}

TEST_F(TheFallback, IsForcedByOnly) {
  const Decision forced = decide_here({candidate()}, only);
  EXPECT_EQ(forced.chosen->kind, Rung::fallback);
  EXPECT_THAT(step(forced, Rung::fallback).reason.english(), HasSubstr("--only fallback"));
  const Decision despite = decide_here({candidate()}, only, InstalledState{"1.1", true, {}});
  EXPECT_EQ(despite.chosen->kind, Rung::fallback);
  EXPECT_THAT(step(despite, Rung::installed).reason.english(), HasSubstr("--only fallback"));
  Wishes wheel = permitted;
  wheel.only = Rung::wheel;
  EXPECT_FALSE(decide_here({}, wheel).chosen);
}

TEST_F(TheFallback, RunsWhereTorchAndPythonAreWhatItNeeds) {
  const auto obstacle = [&](const char* spec, const Wishes& wishes) {
    const Decision decision = decide_here({}, wishes, std::nullopt, spec);
    EXPECT_FALSE(decision.chosen) << spec;
    return step(decision, Rung::fallback).reason.english();
  };
  EXPECT_THAT(obstacle("python=3.11,torch=2.1.2+cu121", permitted), HasSubstr("needs torch >=2.2"));
  EXPECT_THAT(obstacle("python=3.7,torch=2.2.0+cu121", only), HasSubstr("needs Python >=3.8"));
  EXPECT_THAT(obstacle("python=3.11,torch=none", permitted), HasSubstr("none is installed"));
  Wishes another = permitted;
  another.version = specifiers("==1.1");
  EXPECT_EQ(obstacle("python=3.11,torch=2.6.0", another),
            "it stands for the known releases from 1.0.9 to 1.2, and ==1.1 admits none of them");
  EXPECT_TRUE(decide_here({}, permitted, std::nullopt, "python=3.11,torch=2.6.0+cpu").chosen);
  demo.fallback.reset();
  EXPECT_THAT(obstacle("python=3.11,torch=2.6.0", permitted), HasSubstr("none for demo"));
}

TEST_F(TheFallback, StandsForTheNewestReleaseThatIsWishedFor) {
  const std::pair<const char*, const char*> wished[] = {
      {"", "1.2+sdpa"},          {"<1.2", "1.1.post1+sdpa"}, {">=1.0,!=1.2", "1.1.post1+sdpa"},
      {"==1.0.9", "1.0.9+sdpa"}, {"==1.0.*", "1.0.9+sdpa"},  {"==1.0.9+sdpa", "1.0.9+sdpa"},
      {"===1.0.9", "1.0.9+sdpa"}};
  for (const auto& [wish, version] : wished) {
    Wishes wishes = permitted;
    wishes.version = specifiers(wish);
    const Decision decision = decide_here({}, wishes);
    ASSERT_TRUE(decision.chosen) << wish;
    EXPECT_EQ(decision.chosen->judgement.candidate->fields.version.to_string(), version) << wish;
    EXPECT_EQ(decision.chosen->judgement.candidate->name,
              "demo-" + std::string(version) + "-py3-none-any.whl");
  }
}

TEST_F(TheFallback, GivenAsAWheelIsJudgedAsWhatItIs) {
  catalog::Candidate given = candidate("demo-1.1.post1+sdpa-py3-none-any.whl");
  const char* no_cuda = "python=3.11,torch=2.6.0+cpu";
  EXPECT_EQ(decide_here({given}, {}, std::nullopt, no_cuda).judgements.front().verdict, Verdict::refused);
  given.stand_in = true;
  EXPECT_EQ(decide_here({given}, {}, std::nullopt, no_cuda).judgements.front().verdict, Verdict::fits);
  const Decision old_torch = decide_here({given}, {}, std::nullopt, "python=3.11,torch=2.1.0+cu121");
  EXPECT_FALSE(old_torch.chosen);
  EXPECT_THAT(old_torch.judgements.front().reasons.front().text.english(), HasSubstr("needs torch >=2.2"));
}

TEST_F(TheFallback, GivesWayToAWheelThatFits) {
  const InstalledState there{"1.2+sdpa", true, {}};
  const Decision replaced = decide_here({candidate()}, {}, there);
  EXPECT_EQ(replaced.chosen->kind, Rung::wheel);
  EXPECT_FALSE(step(replaced, Rung::installed).taken);
  EXPECT_THAT(step(replaced, Rung::installed).reason.english(), HasSubstr("a wheel takes its place"));
  const Decision kept = decide_here({}, {}, there);
  ASSERT_TRUE(kept.chosen);
  EXPECT_EQ(kept.chosen->kind, Rung::installed);
  EXPECT_TRUE(kept.chosen->stand_in);
  EXPECT_TRUE(kept.hints.empty());
  EXPECT_EQ(decide_here({candidate()}, only, there).chosen->kind, Rung::installed);
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
