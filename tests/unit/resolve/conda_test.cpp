// SPDX-License-Identifier: Apache-2.0
// The rung of conda's packages: below wheels, above the fallback.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "examples.hpp"

namespace wheelfit::resolve {
namespace {

using namespace examples;
using testing::HasSubstr;

catalog::Candidate package(const char* wheel_name, int build = 0) {
  catalog::Candidate made = candidate(wheel_name, catalog::Trust::index);
  made.name = "demo-" + made.fields.version.to_string() + "-py311_" + std::to_string(build) + ".conda";
  made.url = "https://channel.example/linux-64/" + made.name;
  made.release_order = build;
  made.conda = std::make_shared<catalog::CondaBuild>();
  return made;
}
constexpr const char* fitting = "demo-1.3+cu12torch2.6-cp311-cp311-linux_x86_64.whl";

class TheCondaRung : public testing::Test {
 protected:
  TheCondaRung() {
    demo.sources.emplace_back();
    demo.sources.back().id = "forge";
    demo.sources.back().kind = catalog::SourceKind::conda_channel;
    list.conda_asked = true;
    list.conda.emplace_back(package(fitting, 1));
  }
  Decision decide(const Wishes& wishes = {}, const std::optional<InstalledState>& installed = std::nullopt,
                  const Evidence& evidence = {}) {
    return resolve(here, demo, list, knowledge(), wishes, installed, evidence);
  }
  static const LadderStep& step(const Decision& decision, Rung rung = Rung::conda) {
    return *std::ranges::find(decision.ladder, rung, &LadderStep::rung);
  }

  probe::Environment here = environment();
  catalog::Recipe demo = recipe();
  catalog::Catalog list;
};

TEST_F(TheCondaRung, IsTakenWhereNoWheelFitsAndItsHighestBuildFirst) {
  list.conda.emplace_back(package(fitting, 5));
  const Decision decision = decide();
  ASSERT_TRUE(decision.chosen);
  EXPECT_EQ(decision.chosen->kind, Rung::conda);
  EXPECT_EQ(decision.chosen->judgement.candidate->name, "demo-1.3-py311_5.conda");
  EXPECT_TRUE(step(decision).taken);
}

TEST_F(TheCondaRung, MayFitWhereTorchIsNotCondasAndFitsWhereItIs) {
  EXPECT_EQ(decide().chosen->judgement.verdict, Verdict::unproven);
  EXPECT_THAT(step(decide()).reason.english(), HasSubstr("may fit"));
  probe::InstalledDistribution torch;
  torch.name = "torch";
  torch.installer = "conda";
  here.interpreter.distributions = {torch};
  EXPECT_EQ(decide().chosen->judgement.verdict, Verdict::fits);
  here.interpreter.distributions.front().installer = "pip";
  EXPECT_EQ(decide().chosen->judgement.verdict, Verdict::unproven);
}

TEST_F(TheCondaRung, IsBelowAWheelAndAboveTheFallback) {
  demo.fallback = catalog::Fallback{"sdpa", {version("1.2")},    "fallback/demo",     "version.py",
                                    "demo", specifiers(">=2.2"), specifiers(">=3.8"), "demo on torch"};
  Wishes permitted;
  permitted.fallback = "sdpa";
  EXPECT_EQ(decide(permitted).chosen->kind, Rung::conda);
  EXPECT_EQ(decide(permitted, InstalledState{"1.2+sdpa", true, {}}).chosen->kind, Rung::conda);
  list.candidates.emplace_back(candidate());
  const Decision wheel = decide(permitted);
  EXPECT_EQ(wheel.chosen->kind, Rung::wheel);
  EXPECT_THAT(step(wheel).reason.english(), HasSubstr("a higher rung holds"));
}

TEST_F(TheCondaRung, AloneWhereOnlyItIsAskedFor) {
  list.candidates.emplace_back(candidate());
  Wishes only;
  only.only = Rung::conda;
  EXPECT_EQ(decide(only).chosen->kind, Rung::conda);
  only.only = Rung::wheel;
  EXPECT_THAT(step(decide(only)).reason.english(), HasSubstr("--only wheel"));
}

TEST_F(TheCondaRung, SaysWhyNoneIsTaken) {
  list.conda = {package("demo-1.3+cu12torch2.7-cp311-cp311-linux_x86_64.whl")};
  EXPECT_FALSE(decide().chosen);
  EXPECT_THAT(step(decide()).reason.english(), HasSubstr("is made for torch 2.7, here is 2.6.0+cu124"));
  list.conda.clear();
  EXPECT_THAT(step(decide()).reason.english(), HasSubstr("forge holds none of it"));
  list.sources.push_back({"forge", false, true, text("offline")});
  EXPECT_THAT(step(decide()).reason.english(), HasSubstr("forge was not read: offline"));
  list.conda_asked = false;
  EXPECT_THAT(step(decide()).reason.english(), HasSubstr("forge was not asked"));
  demo.sources.clear();
  EXPECT_THAT(step(decide()).reason.english(), HasSubstr("no conda channel"));
}

TEST_F(TheCondaRung, ItsBinaryMayRefuseIt) {
  proof::WheelProof proof;
  proof.extent = proof::Extent::whole;
  proof.verdict = proof::Verdict::refused;
  proof.reasons.push_back(
      {ReasonCode::missing_symbol, text("demo.so wants f(), which this torch does not have"), {}});
  const Decision decision = decide({}, std::nullopt, {{evidence_key(*list.conda.front()), proof}});
  EXPECT_FALSE(decision.chosen);
  EXPECT_THAT(step(decision).reason.english(), HasSubstr("wants f()"));
}

}  // namespace
}  // namespace wheelfit::resolve
