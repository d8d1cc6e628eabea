// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "examples.hpp"

namespace wheelfit::resolve {
namespace {

using namespace examples;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string first_text(const Judgement& judgement) {
  return judgement.reasons.empty() ? "" : judgement.reasons.front().text.english();
}

TEST(Judge, AWheelMadeForThisEnvironmentFits) {
  const Judgement judgement = judged(environment(), candidate());
  EXPECT_EQ(judgement.verdict, Verdict::fits);
  EXPECT_THAT(judgement.reasons, IsEmpty());
}

TEST(Judge, WhatIsNotKnownRefusesNothing) {
  EXPECT_EQ(judged(probe::environment_from_spec("platform=linux_x86_64"), candidate()).verdict,
            Verdict::fits);
}

struct Refusal {
  const char* spec;
  const char* wheel;
  ReasonCode code;
  const char* says;
};

class JudgeRefuses : public testing::TestWithParam<Refusal> {};

TEST_P(JudgeRefuses, WithTheTrueGround) {
  const Refusal& example = GetParam();
  const Judgement judgement = judged(environment(example.spec), candidate(example.wheel));
  EXPECT_EQ(judgement.verdict, Verdict::refused);
  EXPECT_THAT(codes(judgement), ElementsAre(example.code));
  EXPECT_THAT(first_text(judgement), HasSubstr(example.says));
}

constexpr const char* plain = "python=3.11,torch=2.6.0+cu124,abi=false,glibc=2.35";
INSTANTIATE_TEST_SUITE_P(
    Grounds, JudgeRefuses,
    testing::Values(Refusal{plain, "demo-1.2+cu12torch2.6cxx11abiFALSE-cp312-cp312-linux_x86_64.whl",
                            ReasonCode::python_tag, "built for cp312-cp312, this Python is 3.11"},
                    Refusal{"python=3.13t,torch=2.6.0+cu124,abi=false",
                            "demo-1.2+cu12torch2.6cxx11abiFALSE-cp313-cp313-linux_x86_64.whl",
                            ReasonCode::python_tag, "free-threaded"},
                    Refusal{plain, "demo-1.2+cu12torch2.6cxx11abiFALSE-cp311-cp311-linux_aarch64.whl",
                            ReasonCode::platform, "this is linux_x86_64"},
                    Refusal{plain, "demo-1.2+cu12torch2.6cxx11abiFALSE-cp311-cp311-manylinux_2_39_x86_64.whl",
                            ReasonCode::glibc, "needs glibc 2.39, here is 2.35"},
                    Refusal{"python=3.11,torch=2.6.0+cu124,abi=false,musl=1.2",
                            "demo-1.2+cu12torch2.6cxx11abiFALSE-cp311-cp311-linux_x86_64.whl",
                            ReasonCode::glibc, "has musl 1.2"},
                    Refusal{plain, "demo-1.2+cu12torch2.7cxx11abiFALSE-cp311-cp311-linux_x86_64.whl",
                            ReasonCode::torch_minor, "made for torch 2.7, here is 2.6.0+cu124"},
                    Refusal{plain, "demo-1.2+cu12torch2.6.1cxx11abiFALSE-cp311-cp311-linux_x86_64.whl",
                            ReasonCode::torch_minor, "made for torch 2.6.1"},
                    Refusal{plain, "demo-1.2+cu13torch2.6cxx11abiFALSE-cp311-cp311-linux_x86_64.whl",
                            ReasonCode::cuda_major, "CUDA 13"},
                    Refusal{plain, "demo-1.2+cu12torch2.6cxx11abiTRUE-cp311-cp311-linux_x86_64.whl",
                            ReasonCode::cxx11_abi, "has C++11 ABI TRUE, torch here has FALSE"},
                    Refusal{"python=3.11,torch=2.6.0+cpu",
                            "demo-1.2+cu12torch2.6cxx11abiFALSE-cp311-cp311-linux_x86_64.whl",
                            ReasonCode::torch_build, "built for cpu"},
                    Refusal{"python=3.11,torch=none",
                            "demo-1.2+cu12torch2.6cxx11abiFALSE-cp311-cp311-linux_x86_64.whl",
                            ReasonCode::torch_missing, "has none"},
                    Refusal{"python=3.11,torch=2.6.0+cu124,abi=false,driver=470.82.01",
                            "demo-1.2+cu12torch2.6cxx11abiFALSE-cp311-cp311-linux_x86_64.whl",
                            ReasonCode::driver, "needs driver 525.60.13"},
                    Refusal{"python=3.11,torch=2.6.0+cu124,abi=false,gpu=sm_75",
                            "demo-1.2+cu12torch2.6cxx11abiFALSE-cp311-cp311-linux_x86_64.whl",
                            ReasonCode::gpu_arch, "compute capability 8.0"}));

TEST(Judge, EveryGroundIsGivenTheMostFundamentalFirst) {
  const Judgement judgement =
      judged(environment(), candidate("demo-1.2+cu13torch2.7cxx11abiTRUE-cp312-cp312-linux_x86_64.whl"));
  EXPECT_THAT(codes(judgement), ElementsAre(ReasonCode::torch_minor, ReasonCode::cuda_major,
                                            ReasonCode::python_tag, ReasonCode::cxx11_abi));
}

TEST(Judge, TheBinaryCountsNotItsLabel) {
  catalog::Candidate mislabelled = candidate();
  mislabelled.knowledge.edit().cxx11_abi = catalog::Sourced<bool>{true, "an issue"};
  const Judgement judgement = judged(environment(), mislabelled);
  EXPECT_THAT(codes(judgement), ElementsAre(ReasonCode::cxx11_abi));
  EXPECT_EQ(judgement.reasons.front().source, "an issue");
}

TEST(Judge, APublishedAbiThatTheEnvironmentDoesNotConfirmIsADoubt) {
  const Judgement judgement =
      judged(environment("python=3.11,torch=2.6.0+cu124"),
             candidate("demo-1.2+cu12torch2.6cxx11abiTRUE-cp311-cp311-linux_x86_64.whl"));
  EXPECT_EQ(judgement.verdict, Verdict::unproven);
  EXPECT_THAT(codes(judgement), ElementsAre(ReasonCode::cxx11_abi));
}

TEST(Judge, AnotherMinorOfTheSameCudaIsARemark) {
  const Judgement judgement =
      judged(environment(), candidate("demo-1.2+cu126torch2.6-cp311-cp311-linux_x86_64.whl"));
  EXPECT_EQ(judgement.verdict, Verdict::fits);
  EXPECT_THAT(codes(judgement), ElementsAre(ReasonCode::cuda_minor));
}

TEST(Judge, APreReleaseOfTorchMakesAMatchingNameDoubtful) {
  const Judgement judgement =
      judged(environment("python=3.11,torch=2.6.0a0+ecf3bae40a.nv25.01,cuda=12.8,abi=false"), candidate());
  EXPECT_EQ(judgement.verdict, Verdict::unproven);
}

TEST(Judge, TorchIsNeverMovedForAPin) {
  catalog::Candidate pinned = candidate("demo-1.2-cp311-cp311-manylinux1_x86_64.whl");
  pinned.knowledge.edit().torch_pin = catalog::Sourced<python::SpecifierSet>{specifiers("==2.4.0"), "METADATA"};
  const Judgement judgement = judged(environment(), pinned);
  EXPECT_THAT(codes(judgement), ElementsAre(ReasonCode::torch_minor));
  EXPECT_THAT(first_text(judgement), HasSubstr("requires torch ==2.4.0"));
  EXPECT_EQ(judged(environment("python=3.11,torch=2.4.0+cu121"), pinned).verdict, Verdict::fits);
}

TEST(Judge, GlibcOfTheBuildMachineIsADoubtOfTheBinaryAGround) {
  catalog::Candidate wheel = candidate();
  wheel.knowledge.edit().glibc = catalog::Sourced<python::Version>{version("2.36"), "CI"};
  EXPECT_EQ(judged(environment(), wheel).verdict, Verdict::unproven);
  wheel.knowledge.edit().glibc_certain = true;
  EXPECT_THAT(codes(judged(environment(), wheel)), ElementsAre(ReasonCode::glibc));
}

TEST(Judge, KernelsAreJudgedPerGpu) {
  catalog::Candidate wheel = candidate();
  wheel.knowledge.edit().sass = catalog::Sourced<std::vector<std::string>>{{"sm_80", "sm_90a"}, "cuobjdump"};
  const auto verdict = [&wheel](const std::string& gpus) {
    return judged(environment(("python=3.11,torch=2.6.0+cu124,abi=false,gpu=" + gpus).c_str()), wheel)
        .verdict;
  };
  EXPECT_EQ(verdict("sm_80"), Verdict::fits);
  EXPECT_EQ(verdict("sm_89"), Verdict::fits);
  EXPECT_EQ(verdict("sm_90"), Verdict::fits);
  EXPECT_EQ(verdict("sm_120"), Verdict::refused);
  EXPECT_EQ(verdict("sm_80+sm_120"), Verdict::unproven);
  EXPECT_EQ(verdict("none"), Verdict::fits);
  wheel.knowledge.edit().ptx = {"compute_90"};
  EXPECT_EQ(verdict("sm_120"), Verdict::fits);
}

TEST(Judge, WishesAreGrounds) {
  Wishes wishes;
  wishes.version = specifiers("==1.3");
  wishes.trust = catalog::Trust::official;
  const Judgement judgement = judged(
      environment(),
      candidate("demo-1.2+cu12torch2.6cxx11abiFALSE-cp311-cp311-linux_x86_64.whl", catalog::Trust::community),
      wishes);
  EXPECT_THAT(codes(judgement), ElementsAre(ReasonCode::version, ReasonCode::trust));
}

TEST(Judge, AWithdrawnWheelIsTakenOnlyWhenPinned) {
  catalog::Candidate withdrawn = candidate();
  withdrawn.yanked = "broken";
  EXPECT_THAT(codes(judged(environment(), withdrawn)), ElementsAre(ReasonCode::yanked));
  Wishes wishes;
  wishes.version = specifiers("==1.2");
  EXPECT_EQ(judged(environment(), withdrawn, wishes).verdict, Verdict::fits);
}

TEST(Judge, ReputationIsKept) {
  catalog::Candidate wheel = candidate();
  wheel.knowledge.edit().nightly = catalog::Sourced<std::string>{"2.6.0.dev20241001", "publish.yml"};
  EXPECT_THAT(codes(judged(environment(), wheel)), ElementsAre(ReasonCode::nightly_built));
  wheel.knowledge.edit().bad = catalog::Sourced<std::string>{"labelled FALSE, built TRUE", "an issue"};
  const Judgement judgement = judged(environment(), wheel);
  EXPECT_EQ(judgement.verdict, Verdict::refused);
  EXPECT_THAT(codes(judgement), ElementsAre(ReasonCode::known_bad));
}

TEST(Judge, AnUnknownDistributionIsJudgedByItsTagsAlone) {
  const catalog::Candidate wheel = candidate("einops-0.8.0-py3-none-any.whl");
  const Judgement judgement = judge(environment("python=3.11,torch=none"), nullptr, wheel, knowledge(), {});
  EXPECT_EQ(judgement.verdict, Verdict::fits);
}

}  // namespace
}  // namespace wheelfit::resolve
