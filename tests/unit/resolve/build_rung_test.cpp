// SPDX-License-Identifier: Apache-2.0
#include "resolve/build_rung.hpp"

#include "unit/resolve/examples.hpp"

namespace wheelfit::resolve {
namespace {

using examples::recipe;
using examples::specifiers;
using examples::version;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class BuildRung : public ::testing::Test {
 protected:
  BuildRung() {
    demo.build.emplace();
    demo.build->version = specifiers(">=1,<3");
    here = examples::environment();
    here.origin = {"local", "test"};
    here.toolkit.nvcc = {"/cuda/bin/nvcc", "test"};
    here.toolkit.version = {version("12.4"), "test"};
    named.architectures_named = true;
    for (const char* each : {"0.9", "1.2", "2.0", "2.1rc1", "3.0"})
      sdists.push_back(
          {version(each), std::string("demo-") + each + ".tar.gz", "https://i.example/x", {}, {}});
  }
  const catalog::SourceDistribution* source(const char* wish = "") const {
    return source_to_build(here, demo, sdists, specifiers(wish));
  }
  std::string obstacle() const { return obstacle_to_build(here, demo, named, source()).english(); }
  Decision decide(const Wishes& wishes) const {
    catalog::Catalog catalog;
    catalog.package = "demo";
    catalog.sdists = sdists;
    return resolve(here, demo, catalog, examples::knowledge(), wishes, std::nullopt);
  }

  catalog::Recipe demo = recipe();
  probe::Environment here;
  Wishes named;
  std::vector<catalog::SourceDistribution> sdists;
};

TEST_F(BuildRung, TheNewestThatIsKnownToBuildAndWasAskedFor) {
  EXPECT_EQ(source()->version, version("2.0"));
  EXPECT_EQ(source("<2")->version, version("1.2"));
  EXPECT_EQ(source("==0.9"), nullptr);
  sdists[2].requires_python = specifiers(">=3.12");
  EXPECT_EQ(source()->version, version("1.2"));
}

TEST_F(BuildRung, WhatTheEnvironmentSaysAgainstIt) {
  EXPECT_THAT(obstacle(), IsEmpty());
  here.toolkit.version = {version("11.8"), "test"};
  EXPECT_EQ(obstacle(), "nvcc is of CUDA 11.8, torch of CUDA 12.4");
  here.toolkit.nvcc = {};
  EXPECT_THAT(obstacle(), HasSubstr("no nvcc"));
  here.torch.cuda = {};
  EXPECT_THAT(obstacle(), HasSubstr("no CUDA build"));
  here.origin = {"target", "test"};
  EXPECT_THAT(obstacle(), HasSubstr("the environment itself"));
}

TEST_F(BuildRung, ForWhichGpuMustBeKnown) {
  named.architectures_named = false;
  EXPECT_THAT(obstacle(), HasSubstr("--arch"));
  here.accelerators.gpus = {{{"H100", probe::ComputeCapability{9, 0}, "", 0}}, "test"};
  EXPECT_THAT(obstacle(), IsEmpty());
}

TEST_F(BuildRung, OnlyWithTheCallersWord) {
  const Decision refused = decide(named);
  EXPECT_FALSE(refused.chosen);
  EXPECT_THAT(refused.hints.back().english(), HasSubstr("--build"));
  Wishes permitted = named;
  permitted.build = true;
  const Decision taken = decide(permitted);
  ASSERT_TRUE(taken.chosen);
  EXPECT_EQ(taken.chosen->kind, Rung::build);
  EXPECT_EQ(taken.chosen->proof, Proof::none);
  EXPECT_EQ(taken.chosen->judgement.candidate->name, "demo-2.0.tar.gz");
  Wishes only = named;
  only.only = Rung::build;
  EXPECT_EQ(decide(only).chosen->kind, Rung::build);
}

}  // namespace
}  // namespace wheelfit::resolve
