// SPDX-License-Identifier: Apache-2.0
#include "build/obstacles.hpp"

#include "build/look.hpp"
#include "support/temp_dir.hpp"
#include "system/files.hpp"

namespace wheelfit::build {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

python::Version version(std::string_view text) { return python::Version::parse(text).value(); }

class ObstaclesTest : public ::testing::Test {
 protected:
  ObstaclesTest() {
    environment.interpreter.executable = known(std::filesystem::path("/v/bin/python"));
    environment.torch.version = known(version("2.6.0+cu124"));
    environment.torch.cuda = known(version("12.4"));
    for (const char* name : {"setuptools", "wheel"})
      environment.interpreter.distributions.push_back({name, "1", {}, {}, "", false});
    recipe.needs = {"setuptools", "wheel"};
    recipe.nvcc_floors.push_back({{}, version("11.7"), "s"});
    tools.nvcc = version("12.4.99");
    tools.nvcc_architectures = {{"sm_80", "sm_90"}};
    tools.gcc = version("12.2.0");
    tools.newest_gcc = 13;
    tools.compiler = "c++";
  }

  template <typename T>
  static Fact<T> known(T value) {
    Fact<T> fact;
    fact.value = std::move(value);
    fact.source = "test";
    return fact;
  }
  std::vector<Obstacle> found() const {
    return obstacles({environment, recipe, version("2.8.3"), capabilities}, tools);
  }
  std::vector<std::string> codes() const {
    std::vector<std::string> all;
    const auto obstacles = found();
    for (const Obstacle& each : obstacles) all.push_back(each.code);
    return all;
  }
  std::string cures() const {
    std::string all;
    const auto obstacles = found();
    for (const Text& each : obstacles.front().cures) all += each.english() + "\n";
    return all;
  }

  probe::Environment environment;
  catalog::BuildRecipe recipe;
  Tools tools;
  std::vector<python::Version> capabilities{version("8.0")};
};

TEST_F(ObstaclesTest, NothingInTheWay) { EXPECT_THAT(codes(), IsEmpty()); }

TEST_F(ObstaclesTest, NoTorchOrOneWithoutCuda) {
  environment.torch.cuda = {};
  EXPECT_THAT(codes(), ElementsAre("torch-build"));
  environment.torch.version = {};
  EXPECT_THAT(codes(), ElementsAre("torch-missing"));
}

TEST_F(ObstaclesTest, NoNvccNamesTheToolkitOfTorchWithAndWithoutRoot) {
  tools.nvcc = std::nullopt;
  EXPECT_THAT(codes(), ElementsAre("no-nvcc"));
  EXPECT_THAT(cures(), HasSubstr("cuda-toolkit-12-4"));
  EXPECT_THAT(cures(), HasSubstr("conda install"));
  EXPECT_THAT(cures(), ::testing::Not(HasSubstr("pip install"))) << "its wheels have no nvcc";
  environment.torch.cuda = known(version("13.0"));
  EXPECT_THAT(cures(),
              HasSubstr("/v/bin/python -m pip install 'cuda-toolkit[nvcc,crt,cccl,cudart]==13.0.*'"));
}

TEST_F(ObstaclesTest, AnotherMajorIsRefusedAnotherMinorIsNot) {
  tools.nvcc = version("12.9.1");
  EXPECT_THAT(codes(), IsEmpty());
  tools.nvcc = version("11.8.0");
  EXPECT_THAT(codes(), ElementsAre("cuda-major"));
  EXPECT_THAT(cures(), HasSubstr("cuda-toolkit-12-4"));
}

TEST_F(ObstaclesTest, TooOldForThePackage) {
  recipe.nvcc_floors.front().at_least = version("12.5");
  EXPECT_THAT(codes(), ElementsAre("nvcc-version"));
}

TEST_F(ObstaclesTest, TooOldForTheGpu) {
  capabilities = {version("8.0"), version("12.0")};
  EXPECT_THAT(codes(), ElementsAre("nvcc-architecture"));
  EXPECT_THAT(found().front().sentence.english(), HasSubstr("sm_120"));
}

TEST_F(ObstaclesTest, CompilerTooNewOrNotThere) {
  tools.gcc = version("14.1.0");
  EXPECT_THAT(codes(), ElementsAre("gcc-version"));
  EXPECT_THAT(cures(), HasSubstr("g++-13"));
  tools.compiler_found = false;
  EXPECT_THAT(codes(), ElementsAre("no-compiler"));
}

TEST_F(ObstaclesTest, CudaHomeThatLeadsNowhere) {
  tools.cuda_home = ":/usr/local/cuda";
  tools.cuda_home_has_nvcc = false;
  EXPECT_THAT(codes(), ElementsAre("cuda-home"));
}

TEST_F(ObstaclesTest, WhatSetupPyImportsAndPythonsHeaders) {
  recipe.needs.push_back("packaging");
  tools.python_headers = "/usr/include/python3.11/Python.h";
  tools.has_python_headers = false;
  EXPECT_THAT(codes(), ElementsAre("build-requirement", "python-headers"));
  EXPECT_THAT(cures(), HasSubstr("/v/bin/python -m pip install packaging"));
}

TEST(MissingFile, OnlyOfTheVersionsThatNeedIt) {
  test::TempDir tree;
  catalog::BuildRecipe recipe;
  recipe.files.push_back(
      {python::SpecifierSet::parse(">=2").value(), "csrc/lib/x.h", "it is an archive of GitHub's", "s"});
  ASSERT_TRUE(missing_file(recipe, version("2.1"), tree.path()));
  EXPECT_THAT(missing_file(recipe, version("2.1"), tree.path())->sentence.english(),
              HasSubstr("csrc/lib/x.h"));
  EXPECT_FALSE(missing_file(recipe, version("1.9"), tree.path()));
  system::make_directories(tree.path() / "csrc/lib");
  system::write_file_atomically(tree.path() / "csrc/lib/x.h", "");
  EXPECT_FALSE(missing_file(recipe, version("2.1"), tree.path()));
}

TEST(MemoryShortage, OnlyWhereOneFileAloneDoesNotFit) {
  EXPECT_FALSE(memory_shortage(8'000'000'000, 6'000'000'000));
  EXPECT_FALSE(memory_shortage(0, 6'000'000'000)) << "how much there is is not known";
  ASSERT_TRUE(memory_shortage(4'000'000'000, 6'000'000'000));
  EXPECT_EQ(memory_shortage(4'000'000'000, 6'000'000'000)->code, "memory");
}

TEST(Look, VersionsAreReadFromWhatToolsSay) {
  EXPECT_EQ(version_of_nvcc("Cuda compilation tools, release 13.0, V13.0.88\n"), version("13.0.88"));
  EXPECT_EQ(version_of_nvcc("nonsense"), std::nullopt);
  EXPECT_EQ(newest_gcc_in("#if defined(__GNUC__)\n#if __GNUC__ > 15\n#error\n"), 15);
  EXPECT_EQ(newest_gcc_in(""), std::nullopt);
}

}  // namespace
}  // namespace wheelfit::build
