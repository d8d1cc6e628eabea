// SPDX-License-Identifier: Apache-2.0
#include "commands/fingerprint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probe/target.hpp"

namespace wheelfit::commands {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

bundle::MadeFor described(const char* spec) { return fingerprint(probe::environment_from_spec(spec)); }

// "!" before what is grave.
std::vector<std::string> between(const char* promised, const char* here) {
  std::vector<std::string> sentences;
  for (const Difference& difference : differences(described(promised), described(here)))
    sentences.push_back((difference.grave ? "! " : "") + difference.sentence.english());
  return sentences;
}

TEST(Fingerprint, HoldsWhatDecidesAboutWheels) {
  const bundle::MadeFor made = described(
      "python=3.11.7,torch=2.6.0+cu124,abi=false,glibc=2.35,gpu=sm_90+sm_80+sm_90,driver=550.54.14");
  EXPECT_EQ(made.python, "3.11.7");
  EXPECT_EQ(made.torch, "2.6.0+cu124");
  EXPECT_EQ(made.torch_device, "12.4");
  EXPECT_EQ(made.cxx11_abi, false);
  EXPECT_EQ(made.platform, "linux_x86_64");
  EXPECT_THAT(*made.gpus, ElementsAre("sm_80", "sm_90"));
  EXPECT_EQ(made.driver, "550.54.14");
  EXPECT_FALSE(made.distributions_known);
}

TEST(Differences, WhatIsNotKnownDiffersFromNothing) {
  EXPECT_THAT(between("python=3.11", "python=3.11.7,torch=2.6.0+cu124,glibc=2.35"), IsEmpty());
  EXPECT_THAT(between("python=3.11.7,torch=2.6.0", "python=3.11.7,torch=2.6.0+cu124"), IsEmpty());
}

TEST(Differences, OfTorchPythonAndABIAreGrave) {
  EXPECT_THAT(between("python=3.11,torch=2.6.0+cu124", "python=3.11,torch=2.5.1+cu124"),
              ElementsAre("! the bundle was made for torch 2.6.0+cu124, here is 2.5.1+cu124"));
  EXPECT_THAT(between("python=3.11.7", "python=3.12.1"),
              ElementsAre("! the bundle was made for Python 3.11.7, here is 3.12.1"));
  EXPECT_THAT(between("python=3.11,torch=2.6.0+cu124,abi=false", "python=3.11,torch=2.6.0+cu124,abi=true"),
              ElementsAre("! the bundle was made for C++11 ABI FALSE, here is TRUE"));
}

TEST(Differences, ThatMatterLessAreSaidAsSuch) {
  EXPECT_THAT(between("python=3.11.7", "python=3.11.9"),
              ElementsAre("the bundle was made for Python 3.11.7, here is 3.11.9"));
  EXPECT_THAT(between("python=3.11,gpu=sm_80", "python=3.11,gpu=sm_90"),
              ElementsAre("the bundle was made for GPU sm_80, here is sm_90"));
  EXPECT_THAT(between("python=3.11,glibc=2.31", "python=3.11,glibc=2.36"),
              ElementsAre("the bundle was made for glibc 2.31, here is 2.36"));
  EXPECT_THAT(between("python=3.11,glibc=2.36", "python=3.11,glibc=2.31"),
              ElementsAre("! the bundle was made for glibc 2.36, here is 2.31"));
}

}  // namespace
}  // namespace wheelfit::commands
