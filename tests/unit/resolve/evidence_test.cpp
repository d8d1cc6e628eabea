// SPDX-License-Identifier: Apache-2.0
#include "resolve/evidence.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "examples.hpp"
#include "resolve/decision.hpp"

namespace wheelfit::resolve {
namespace {

using namespace examples;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* here = "python=3.11,torch=2.11.0+cu128,abi=true,glibc=2.35";
constexpr const char* for_2_11 = "demo-1.2+cu12torch2.11cxx11abiTRUE-cp311-cp311-linux_x86_64.whl";
constexpr const char* for_2_10 = "demo-1.2+cu12torch2.10cxx11abiTRUE-cp311-cp311-linux_x86_64.whl";
constexpr const char* for_2_9 = "demo-1.2+cu12torch2.9cxx11abiTRUE-cp311-cp311-linux_x86_64.whl";
constexpr const char* for_another_python = "demo-1.2+cu12torch2.10cxx11abiTRUE-cp310-cp310-linux_x86_64.whl";

proof::WheelProof proof_of(proof::Verdict verdict, proof::Extent extent = proof::Extent::first_bytes) {
  proof::WheelProof proof;
  proof.verdict = verdict;
  proof.extent = extent;
  if (verdict != proof::Verdict::fits)
    proof.reasons.push_back({ReasonCode::missing_symbol, text("wants {}, which nobody has", "f()"), {}});
  return proof;
}

Judgement weighed(const char* name, const proof::WheelProof& proof) {
  Judgement judgement = judged(environment(here), candidate(name));
  weigh(judgement, proof);
  return judgement;
}

TEST(Weigh, SymbolsAdmitAWheelForAnotherTorch) {
  const Judgement judgement = weighed(for_2_10, proof_of(proof::Verdict::fits));
  EXPECT_EQ(judgement.verdict, Verdict::fits);
  EXPECT_EQ(judgement.proof, Proof::symbols);
  EXPECT_TRUE(judgement.other_torch);
  EXPECT_THAT(judgement.reasons, IsEmpty());
}

TEST(Weigh, NothingElseAdmitsIt) {
  EXPECT_EQ(weighed(for_2_10, proof_of(proof::Verdict::unproven)).verdict, Verdict::refused);
  EXPECT_EQ(weighed(for_2_10, proof_of(proof::Verdict::unproven, proof::Extent::whole)).verdict,
            Verdict::refused);
  EXPECT_EQ(weighed(for_2_10, proof_of(proof::Verdict::fits, proof::Extent::nothing)).verdict,
            Verdict::refused);
}

TEST(Weigh, SymbolsProveAWheelForThisTorch) {
  const Judgement judgement = weighed(for_2_11, proof_of(proof::Verdict::fits));
  EXPECT_EQ(judgement.verdict, Verdict::fits);
  EXPECT_EQ(judgement.proof, Proof::symbols);
  EXPECT_FALSE(judgement.other_torch);
}

TEST(Weigh, ANameThatPromisesMoreThanItsBinaryKeepsIsRefusedWithBothSaid) {
  const Judgement judgement = weighed(for_2_11, proof_of(proof::Verdict::refused));
  EXPECT_EQ(judgement.verdict, Verdict::refused);
  ASSERT_THAT(codes(judgement), ElementsAre(ReasonCode::missing_symbol));
  EXPECT_EQ(judgement.reasons.front().text.english(),
            "is named for torch 2.11, CUDA 12, C++11 ABI TRUE, but its binary does not keep that: wants f(), "
            "which nobody has");
}

TEST(Weigh, SymbolsLiftNoOtherGround) {
  const Judgement judgement = weighed(for_another_python, proof_of(proof::Verdict::fits));
  EXPECT_EQ(judgement.verdict, Verdict::refused);
  EXPECT_THAT(codes(judgement), testing::Contains(ReasonCode::python_tag));
}

TEST(Weigh, SymbolsLiftNoPinOfTheMetadata) {
  catalog::Candidate pinned = candidate(for_2_10);
  catalog::WheelKnowledge knowledge;
  knowledge.torch_pin = {specifiers("==2.10.0"), "METADATA"};
  pinned.knowledge = knowledge;
  Judgement judgement = judged(environment(here), pinned);
  weigh(judgement, proof_of(proof::Verdict::fits));
  EXPECT_EQ(judgement.verdict, Verdict::refused) << "pip check would complain";
}

TEST(Weigh, DoubtsOfTheFirstBytesSpeakAgainstNoName) {
  const Judgement judgement = weighed(for_2_11, proof_of(proof::Verdict::unproven));
  EXPECT_EQ(judgement.verdict, Verdict::fits);
  EXPECT_EQ(judgement.proof, Proof::name);
}

TEST(Weigh, DoubtsOfTheWholeWheelAreDoubts) {
  const Judgement judgement = weighed(for_2_11, proof_of(proof::Verdict::unproven, proof::Extent::whole));
  EXPECT_EQ(judgement.verdict, Verdict::unproven);
  EXPECT_THAT(codes(judgement), ElementsAre(ReasonCode::missing_symbol));
}

TEST(Weigh, ATorchThatNoNameFitsIsSolvedBySymbols) {
  Judgement judgement =
      judged(environment("python=3.11,torch=2.11.0a0+nv25.01,cuda=12.8,abi=true"), candidate(for_2_11));
  ASSERT_EQ(judgement.verdict, Verdict::unproven);
  weigh(judgement, proof_of(proof::Verdict::fits));
  EXPECT_EQ(judgement.verdict, Verdict::fits);
}

Decision decided(std::initializer_list<const char*> names, const Evidence& evidence = {}) {
  catalog::Catalog catalog;
  for (const char* name : names) catalog.candidates.push_back(candidate(name));
  return resolve(environment(here), recipe(), catalog, knowledge(), {}, std::nullopt, evidence);
}

std::string next_of(const Decision& decision, const Evidence& evidence) {
  const auto next = next_to_examine(decision.judgements, evidence, environment(here));
  return next ? decision.judgements[*next].candidate->name : "";
}

std::string key(const char* name) { return evidence_key(candidate(name)); }

TEST(NextToExamine, IsTheBestThatMayFitUntilItStands) {
  Evidence evidence;
  const Decision by_name = decided({for_2_9, for_2_10, for_2_11});
  EXPECT_EQ(next_of(by_name, evidence), for_2_11);
  evidence[key(for_2_11)] = proof_of(proof::Verdict::fits);
  EXPECT_EQ(next_of(decided({for_2_9, for_2_10, for_2_11}, evidence), evidence), "");
}

TEST(NextToExamine, IsTheNearestTorchWhereNothingFitsByName) {
  Evidence evidence;
  EXPECT_EQ(next_of(decided({for_2_9, for_2_10}), evidence), for_2_10);
  evidence[key(for_2_10)] = proof_of(proof::Verdict::refused);
  EXPECT_EQ(next_of(decided({for_2_9, for_2_10}, evidence), evidence), for_2_9);
  evidence[key(for_2_9)] = proof_of(proof::Verdict::refused);
  EXPECT_EQ(next_of(decided({for_2_9, for_2_10}, evidence), evidence), "");
}

TEST(NextToExamine, IsNeverOneThatSymbolsCannotSave) {
  EXPECT_EQ(next_of(decided({for_another_python}), {}), "");
  EXPECT_EQ(next_of(decided({}), {}), "");
}

TEST(ResolveWithEvidence, ForetellsWhatTheWheelUnpacksTo) {
  proof::WheelProof proof = proof_of(proof::Verdict::fits);
  proof.unpacked_bytes = 500'000'000;
  const Decision decision = decided({for_2_11}, {{key(for_2_11), proof}});
  EXPECT_EQ(decision.forecast.disk_bytes, 500'000'000U);
  EXPECT_FALSE(decision.forecast.disk_estimated);
}

TEST(ResolveWithEvidence, EstimatesItWhereTheDirectoryWasNotRead) {
  catalog::Candidate sized = candidate(for_2_11);
  sized.size = 90'000'000;
  catalog::Catalog catalog;
  catalog.candidates.push_back(sized);
  const Decision decision = resolve(environment(here), recipe(), catalog, knowledge(), {}, std::nullopt, {});
  EXPECT_EQ(decision.forecast.disk_bytes, 300'000'000U);
  EXPECT_TRUE(decision.forecast.disk_estimated);
  EXPECT_EQ(decided({for_2_11}).forecast.disk_bytes, std::nullopt);
}

TEST(ResolveWithEvidence, TakesAProvenWheelForAnotherTorchWhereNoneIsMadeForThis) {
  const Decision decision = decided({for_2_9, for_2_10}, {{key(for_2_10), proof_of(proof::Verdict::fits)}});
  ASSERT_TRUE(decision.chosen);
  EXPECT_EQ(decision.chosen->judgement.candidate->name, for_2_10);
  EXPECT_EQ(decision.chosen->proof, Proof::symbols);
}

TEST(ResolveWithEvidence, PrefersEvenADoubtfulWheelForThisTorch) {
  const Decision decision = decided(
      {for_2_11, for_2_10}, {{key(for_2_10), proof_of(proof::Verdict::fits)},
                             {key(for_2_11), proof_of(proof::Verdict::unproven, proof::Extent::whole)}});
  ASSERT_TRUE(decision.chosen);
  EXPECT_EQ(decision.chosen->judgement.candidate->name, for_2_11);
}

TEST(ResolveWithEvidence, PrefersTheStableAbiAmongEquals) {
  constexpr const char* other_cuda = "demo-1.2+cu128torch2.11cxx11abiTRUE-cp311-cp311-linux_x86_64.whl";
  proof::WheelProof stable = proof_of(proof::Verdict::fits);
  stable.stable_torch_abi = true;
  const Decision decision = decided(
      {other_cuda, for_2_11}, {{key(for_2_11), proof_of(proof::Verdict::fits)}, {key(other_cuda), stable}});
  ASSERT_TRUE(decision.chosen);
  EXPECT_EQ(decision.chosen->judgement.candidate->name, other_cuda);
}

}  // namespace
}  // namespace wheelfit::resolve
