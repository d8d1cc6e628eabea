// SPDX-License-Identifier: Apache-2.0
#include "resolve/rank.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "examples.hpp"

namespace wheelfit::resolve {
namespace {

using namespace examples;

std::string best(std::vector<Judgement> judgements, const probe::Environment& where = environment()) {
  rank(judgements, where);
  return judgements.front().candidate->name;
}

Judgement fitting(const char* name, catalog::Trust trust = catalog::Trust::official) {
  return {candidate(name, trust), Verdict::fits, {}};
}

constexpr const char* old_official = "demo-1.1+cu12torch2.6cxx11abiFALSE-cp311-cp311-linux_x86_64.whl";
constexpr const char* new_official = "demo-1.2+cu12torch2.6cxx11abiFALSE-cp311-cp311-linux_x86_64.whl";

TEST(Rank, ACertainWheelBeatsANewerDoubtfulOne) {
  Judgement doubtful = fitting(new_official);
  doubtful.verdict = Verdict::unproven;
  EXPECT_EQ(best({doubtful, fitting(old_official)}), old_official);
}

TEST(Rank, TrustComesBeforeVersion) {
  EXPECT_EQ(best({fitting("demo-1.9+cu124torch2.6-cp311-cp311-linux_x86_64.whl", catalog::Trust::community),
                  fitting(old_official)}),
            old_official);
}

TEST(Rank, NewerVersionFirst) {
  EXPECT_EQ(best({fitting(old_official), fitting(new_official)}), new_official);
}

TEST(Rank, AnHonestLabelBeatsAMisleadingOne) {
  Judgement misleading = fitting(new_official);
  misleading.candidate.edit().knowledge.edit().cxx11_abi = catalog::Sourced<bool>{true, "known"};
  Judgement honest = fitting("demo-1.2+cu12torch2.6cxx11abiTRUE-cp311-cp311-linux_x86_64.whl");
  honest.candidate.edit().knowledge.edit().cxx11_abi = catalog::Sourced<bool>{true, "known"};
  EXPECT_EQ(best({misleading, honest}), honest.candidate->name);
}

TEST(Rank, NearestCudaThenManylinuxThenNewestRelease) {
  constexpr const char* far = "demo-1.2+cu128torch2.6-cp311-cp311-manylinux_2_28_x86_64.whl";
  constexpr const char* near = "demo-1.2+cu124torch2.6-cp311-cp311-linux_x86_64.whl";
  constexpr const char* near_manylinux = "demo-1.2+cu124torch2.6-cp311-cp311-manylinux_2_28_x86_64.whl";
  EXPECT_EQ(best({fitting(far), fitting(near)}), near);
  EXPECT_EQ(best({fitting(near), fitting(near_manylinux)}), near_manylinux);
  Judgement newer = fitting(near);
  newer.candidate.edit().release_order = 5;
  newer.candidate.edit().release = "newer";
  std::vector<Judgement> twins{fitting(near), newer};
  rank(twins, environment());
  EXPECT_EQ(twins.front().candidate->release, "newer");
}

TEST(Rank, RefusedOnesFollowNearestMissFirst) {
  Judgement one_ground = fitting(old_official);
  one_ground.verdict = Verdict::refused;
  one_ground.reasons = {{ReasonCode::trust, text("x"), ""}};
  Judgement worse_ground = fitting(new_official);
  worse_ground.verdict = Verdict::refused;
  worse_ground.reasons = {{ReasonCode::platform, text("x"), ""}};
  Judgement two_grounds = worse_ground;
  two_grounds.reasons = {{ReasonCode::trust, text("x"), ""}, {ReasonCode::version, text("x"), ""}};
  std::vector<Judgement> judgements{two_grounds, worse_ground, one_ground, fitting(old_official)};
  rank(judgements, environment());
  EXPECT_EQ(judgements[0].verdict, Verdict::fits);
  EXPECT_EQ(judgements[1].reasons.front().code, ReasonCode::trust);
  EXPECT_EQ(judgements[2].reasons.front().code, ReasonCode::platform);
  EXPECT_EQ(judgements[3].reasons.size(), 2U);
}

}  // namespace
}  // namespace wheelfit::resolve
