// SPDX-License-Identifier: Apache-2.0
#include "render/candidates.hpp"

#include <gmock/gmock.h>

#include "values.hpp"

namespace wheelfit::render {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> names(const std::vector<const resolve::Judgement*>& judgements) {
  std::vector<std::string> all;
  for (const resolve::Judgement* const judgement : judgements)
    all.push_back(judgement->candidate->name.substr(0, 10));
  return all;
}

python::SpecifierSet specifier(std::string_view text) { return python::SpecifierSet::parse(text).value(); }

TEST(ShownCandidates, AreThoseOfTheChosenVersionAndOnePerRefusalCode) {
  EXPECT_THAT(names(shown_candidates(test::fitting_decision(), {})),
              ElementsAre("flash_attn", "near-1.whl", "near-2.whl", "far.whl"));
}

TEST(ShownCandidates, FollowTheWishedVersion) {
  EXPECT_THAT(names(shown_candidates(test::fitting_decision(), specifier("==2.5.3"))),
              ElementsAre("flash_attn", "near-1.whl", "far.whl", "farther.wh"));
}

TEST(ShownCandidates, TakeTheNearestMissesVersionWhereNothingFits) {
  EXPECT_THAT(names(shown_candidates(test::empty_decision(), {})),
              ElementsAre("near-1.whl", "near-2.whl", "far.whl"));
  EXPECT_THAT(shown_candidates({}, {}), IsEmpty());
}

TEST(NearestMisses, DoNotRepeatTheirGrounds) {
  EXPECT_THAT(names(nearest_misses(test::empty_decision(), 3)),
              ElementsAre("near-1.whl", "far.whl"))
      << "farther.whl has the grounds of both";
  EXPECT_THAT(names(nearest_misses(test::empty_decision(), 1)), ElementsAre("near-1.whl"));
}

TEST(NearestMisses, PreferTheWheelThatAHintNames) {
  resolve::Decision decision = test::empty_decision();
  decision.hints = {text("torch {} instead would admit {}", "2.5", "near-2.whl")};
  EXPECT_THAT(names(nearest_misses(decision, 2)), ElementsAre("near-2.whl", "far.whl"));
}

TEST(NearestMisses, AreNewerVersionsWhereSomethingIsChosen) {
  resolve::Decision decision = test::fitting_decision();
  EXPECT_THAT(nearest_misses(decision, 3), IsEmpty());
  decision.judgements.push_back(
      test::judgement("newer.whl", "2.8.3", resolve::Verdict::refused,
                      {test::reason(ReasonCode::cxx11_abi, "has C++11 ABI TRUE")}));
  decision.judgements.push_back(
      test::judgement("not-wished.whl", "2.8.3", resolve::Verdict::refused,
                      {test::reason(ReasonCode::version, "is 2.8.3, ==2.7.4 was asked for")}));
  EXPECT_THAT(names(nearest_misses(decision, 3)), ElementsAre("newer.whl"));
}

TEST(AdmittedByLowerTrust, IsTheFirstThatOnlyTrustRefuses) {
  resolve::Decision decision = test::empty_decision();
  EXPECT_EQ(admitted_by_lower_trust(decision), nullptr);
  const Reason trust = test::reason(ReasonCode::trust, "is a community wheel");
  const Reason glibc = test::reason(ReasonCode::glibc, "needs glibc 2.38");
  decision.judgements.push_back(
      test::judgement("both.whl", "2.8", resolve::Verdict::refused, {trust, glibc}));
  decision.judgements.push_back(test::judgement("only.whl", "2.8", resolve::Verdict::refused, {trust}));
  ASSERT_NE(admitted_by_lower_trust(decision), nullptr);
  EXPECT_EQ(admitted_by_lower_trust(decision)->candidate->name, "only.whl");
}

}  // namespace
}  // namespace wheelfit::render
