// SPDX-License-Identifier: Apache-2.0
#include "probe/target.hpp"

#include "base/error.hpp"

namespace wheelfit::probe {
namespace {

using ::testing::HasSubstr;

std::string refusal(std::string_view spec) {
  try {
    environment_from_spec(spec);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.sentence().english() + (error.cures().empty() ? "" : "\n" + error.cures().front().english());
  }
  return "accepted";
}

TEST(Target, ReadsTheWholeSpecification) {
  const Environment environment = environment_from_spec(
      "python=3.10,torch=2.6.0+cu124,abi=false,glibc=2.35,gpu=sm_80+sm_90,driver=550.54.14,platform=linux_"
      "aarch64");
  EXPECT_TRUE(environment.described_only());
  EXPECT_EQ(environment.origin.source, "--target");
  EXPECT_EQ(environment.interpreter.version->to_string(), "3.10");
  EXPECT_EQ(environment.interpreter.free_threaded.value, false);
  EXPECT_EQ(environment.interpreter.platform.value, "linux_aarch64");
  EXPECT_EQ(environment.torch.installed.value, true);
  EXPECT_EQ(environment.torch.version->to_string(), "2.6.0+cu124");
  EXPECT_EQ(environment.torch.build.value, TorchBuild::cuda);
  EXPECT_EQ(environment.torch.cuda->to_string(), "12.4");
  EXPECT_EQ(environment.torch.cxx11_abi.value, false);
  EXPECT_EQ(environment.libc.glibc->to_string(), "2.35");
  EXPECT_EQ(environment.accelerators.driver->to_string(), "550.54.14");
  EXPECT_EQ(environment.accelerators.driver_present.value, true);
  ASSERT_EQ(environment.accelerators.gpus->size(), 2U);
  EXPECT_EQ(environment.accelerators.gpus->at(1).capability, (ComputeCapability{9, 0}));
}

TEST(Target, LeavesUnknownWhatIsNotGiven) {
  const Environment environment = environment_from_spec("python=3.13t");
  EXPECT_EQ(environment.interpreter.free_threaded.value, true);
  EXPECT_EQ(environment.interpreter.abi_tag.value, "cp313t");
  EXPECT_EQ(environment.interpreter.platform.value, "linux_x86_64");
  EXPECT_FALSE(environment.torch.installed.known());
  EXPECT_FALSE(environment.libc.glibc.known());
  EXPECT_FALSE(environment.accelerators.gpus.known());
  EXPECT_FALSE(environment.accelerators.driver_present.known());
  EXPECT_FALSE(environment.machine.cores.known());
  EXPECT_FALSE(environment.installer.pip_version.known());
}

struct LabelCase {
  const char* torch;
  std::optional<TorchBuild> build;
  const char* version;  // of CUDA or HIP
};

class TorchLabels : public ::testing::TestWithParam<LabelCase> {};

TEST_P(TorchLabels, SayBuildAndVersion) {
  const auto [torch, build, version] = GetParam();
  const Torch read = environment_from_spec(std::string("torch=") + torch).torch;
  EXPECT_EQ(read.build.value, build);
  const auto& said = build == TorchBuild::rocm ? read.hip : read.cuda;
  EXPECT_EQ(said.known() ? said->to_string() : "", version);
}

INSTANTIATE_TEST_SUITE_P(Target, TorchLabels,
                         ::testing::Values(LabelCase{"2.1.0+cu118", TorchBuild::cuda, "11.8"},
                                           LabelCase{"2.9.0+cu130", TorchBuild::cuda, "13.0"},
                                           LabelCase{"1.4.0+cu92", TorchBuild::cuda, "9.2"},
                                           LabelCase{"2.4.0+cpu", TorchBuild::cpu, ""},
                                           LabelCase{"2.1.0+cpu.cxx11.abi", TorchBuild::cpu, ""},
                                           LabelCase{"2.5.1+rocm6.2", TorchBuild::rocm, "6.2"},
                                           LabelCase{"2.6.0+xpu", TorchBuild::xpu, ""},
                                           LabelCase{"2.6.0a0+ecf3bae40a.nv25.01", std::nullopt, ""},
                                           LabelCase{"2.7.0", std::nullopt, ""}));

TEST(Target, TakesCudaWhereTorchCarriesNoLabel) {
  const Torch torch = environment_from_spec("cuda=12.6,torch=2.7.0").torch;
  EXPECT_EQ(torch.build.value, TorchBuild::cuda);
  EXPECT_EQ(torch.cuda->to_string(), "12.6");
}

TEST(Target, KnowsWhatIsAbsent) {
  const Environment environment = environment_from_spec("torch=none,gpu=none,driver=none");
  EXPECT_EQ(environment.torch.installed.value, false);
  EXPECT_TRUE(environment.accelerators.gpus.known());
  EXPECT_TRUE(environment.accelerators.gpus->empty());
  EXPECT_EQ(environment.accelerators.driver_present.value, false);
}

TEST(Target, ReadsEverySpellingOfAnArchitecture) {
  const auto gpus = *environment_from_spec("gpu=8.0+sm80+sm_120a+gfx90a").accelerators.gpus;
  ASSERT_EQ(gpus.size(), 4U);
  EXPECT_EQ(gpus[0].capability, gpus[1].capability);
  EXPECT_EQ(gpus[2].capability, (ComputeCapability{12, 0}));
  EXPECT_EQ(gpus[3].amd_target, "gfx90a");
}

TEST(Target, RefusesInWordsThatHelp) {
  EXPECT_THAT(refusal("pyhton=3.10"),
              HasSubstr("does not know the key \"pyhton\"\nThe keys are python, torch"));
  EXPECT_THAT(refusal("python=three"), HasSubstr("python takes a version such as 3.10"));
  EXPECT_THAT(refusal("python=3"), HasSubstr("python takes"));
  EXPECT_THAT(refusal("python=3.12t"), HasSubstr("python takes"));
  EXPECT_THAT(refusal("abi=maybe"), HasSubstr("abi takes true or false"));
  EXPECT_THAT(refusal("gpu=h100"), HasSubstr("gpu takes architectures"));
  EXPECT_THAT(refusal("gpu="), HasSubstr("gpu takes architectures"));
  EXPECT_THAT(refusal("platform=plan9-mips"), HasSubstr("platform takes"));
  EXPECT_THAT(refusal("torch"), HasSubstr("torch takes"));
  EXPECT_THAT(refusal("python=3.10,python=3.11"), HasSubstr("--target gives python twice"));
  EXPECT_THAT(refusal(" , "), HasSubstr("--target is empty"));
}

TEST(Target, OverridingTorchForgetsWhatWasReadAboutTheOldOne) {
  Environment environment = environment_from_spec("torch=2.4.0+cu121,abi=false");
  environment.torch.cxx11_abi.source = "libc10.so";
  override_fact(environment, "torch=2.7.0");
  EXPECT_EQ(environment.torch.version.source, "--set");
  EXPECT_FALSE(environment.torch.cxx11_abi.known());
  EXPECT_FALSE(environment.torch.cuda.known());
  override_fact(environment, "cuda=12.8");
  override_fact(environment, "torch=2.7.1");
  EXPECT_EQ(environment.torch.cuda->to_string(), "12.8") << "what the user set stays";
}

TEST(Target, OverridingOneFactLeavesTheOthers) {
  Environment environment = environment_from_spec("python=3.10,glibc=2.35");
  override_fact(environment, "musl=1.2");
  EXPECT_FALSE(environment.libc.glibc.known()) << "a machine has one C library";
  EXPECT_EQ(environment.libc.musl->to_string(), "1.2");
  EXPECT_EQ(environment.interpreter.version->to_string(), "3.10");
  EXPECT_THROW(override_fact(environment, "gpu"), Error);
}

TEST(Target, TellsASpecificationFromAFile) {
  EXPECT_TRUE(looks_like_spec("python=3.10,torch=2.6.0"));
  EXPECT_FALSE(looks_like_spec("machines/h200.json"));
  EXPECT_FALSE(looks_like_spec("dir=x/host.json"));
}

TEST(ComputeCapabilities, AreReadStrictly) {
  EXPECT_EQ(parse_compute_capability("sm_103a"), (ComputeCapability{10, 3}));
  for (const char* wrong :
       {"", "sm_", "sm_9", "80", "8.0.1", "sm_8.0", "sm_-80", "8.", ".8", "sm_80x", "0.0"}) {
    EXPECT_EQ(parse_compute_capability(wrong), std::nullopt) << wrong;
  }
}

}  // namespace
}  // namespace wheelfit::probe
