// SPDX-License-Identifier: Apache-2.0
// torch, the toolkit, and the environment as JSON.
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "compiled.hpp"
#include "probe/environment_json.hpp"
#include "probe/target.hpp"
#include "probe/toolkit.hpp"
#include "probe/torch_facts.hpp"
#include "probe/torch_version_file.hpp"
#include "python_world.hpp"
#include "system/mapped_file.hpp"

namespace wheelfit::probe::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string site = "/env/lib/python3.11/site-packages";

TEST(TorchVersionFile, TakesAnnotatedAndPlainAssignments) {
  const auto values = parse_torch_version_file(
      "from typing import Optional\n__all__ = ['cuda']\n__version__ = '2.4.0+cu121'\ndebug = False\n"
      "cuda: Optional[str] = '12.1'\nhip: Optional[str] = None\n  indented = 'no'\n");
  EXPECT_EQ(values.at("__version__"), "2.4.0+cu121");
  EXPECT_EQ(values.at("cuda"), "12.1");
  EXPECT_EQ(values.at("hip"), std::nullopt);
  EXPECT_FALSE(values.contains("debug"));
  EXPECT_FALSE(values.contains("indented"));
}

class TorchWorld : public ::testing::Test {
 protected:
  TorchWorld() {
    world_.add_python("/usr", "python3.11");
    world_.add_venv("/env", "/usr/bin", "python3.11");
  }
  Torch torch() { return world_.probe("/env").torch; }

  PythonWorld world_;
};

TEST_F(TorchWorld, VersionFileBeforeMetadata) {
  world_.write(site + "/torch/version.py", "__version__ = '2.4.0+cu121'\ncuda = '12.1'\nhip = None\n");
  world_.add_distribution(site, "torch-2.4.0");
  const Torch read = torch();
  EXPECT_EQ(read.version->to_string(), "2.4.0+cu121");
  EXPECT_TRUE(read.version.disagreeing.empty()) << "a missing label is no disagreement";
  EXPECT_EQ(read.build.value, TorchBuild::cuda);
  EXPECT_EQ(read.cuda->to_string(), "12.1");
  EXPECT_EQ(read.directory.value, world_.at(site + "/torch"));
}

TEST_F(TorchWorld, DisagreeingWitnessesAreBothShown) {
  world_.write(site + "/torch/version.py", "__version__ = '2.4.0+cu121'\ncuda = '12.4'\nhip = None\n");
  world_.add_distribution(site, "torch-2.5.1");
  const Torch read = torch();
  EXPECT_THAT(read.version.disagreeing, ElementsAre(::testing::Field(&Witness::value, "2.5.1")));
  EXPECT_THAT(read.cuda.disagreeing, ElementsAre(::testing::Field(&Witness::value, "12.1")));
}

TEST_F(TorchWorld, RocmCpuAndLeftOvers) {
  std::filesystem::create_directories(world_.at(site + "/torch/lib"));
  EXPECT_EQ(torch().installed.value, false) << "a directory that an uninstall left";
  world_.write(site + "/torch/version.py",
               "__version__ = '2.5.0+rocm6.2'\ncuda = None\nhip = '6.2.41133-dd7f95766'\n");
  EXPECT_EQ(torch().build.value, TorchBuild::rocm);
  EXPECT_EQ(torch().hip->to_string(), "6.2.41133");
  world_.write(site + "/torch/version.py", "__version__ = '2.5.0'\ncuda = None\nhip = None\n");
  EXPECT_EQ(torch().build.value, TorchBuild::cpu);
}

TEST_F(TorchWorld, TheAbiIsReadFromSymbolsAndCmake) {
  SKIP_WITHOUT_C_COMPILER();
  const auto library = [this](const std::string& symbol) {
    const auto source =
        world_.write("/c10.c", "void f(void) __asm__(\"" + symbol + "\");\nvoid f(void) {}\n");
    return compile_shared(source, world_.at(site + "/torch/lib/libc10.so"));
  };
  world_.write(site + "/torch/version.py", "__version__ = '2.6.0'\n");
  ASSERT_TRUE(library("_ZN3c106detail14torchCheckFailEPKcS2_jRKSs"));
  EXPECT_EQ(torch().cxx11_abi.value, false);
  ASSERT_TRUE(
      library("_ZN3c105ErrorC2ENS_14SourceLocationENSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE"));
  EXPECT_EQ(torch().cxx11_abi.value, true);
  world_.write(site + "/torch/share/cmake/Torch/TorchConfig.cmake",
               "set(TORCH_CXX_FLAGS \"-D_GLIBCXX_USE_CXX11_ABI=0\")\n");
  EXPECT_THAT(torch().cxx11_abi.disagreeing, ElementsAre(::testing::Field(&Witness::value, "false")));
  ASSERT_TRUE(library("unrelated"));
  EXPECT_EQ(torch().cxx11_abi.value, false) << "then the second witness is the only one";
}

TEST_F(TorchWorld, TheToolkitThatABuildWouldUse) {
  EXPECT_FALSE(world_.probe("/env").toolkit.nvcc.known());
  world_.write("/usr/local/cuda/bin/nvcc");
  world_.write("/usr/local/cuda/version.json", R"({"cuda": {"version": "12.4.1"}})");
  world_.write("/usr/local/cuda/include/cuda.h", "#define CUDA_VERSION 11080\n");
  const Toolkit found = world_.probe("/env").toolkit;
  EXPECT_EQ(found.version->to_string(), "12.4.1");
  EXPECT_THAT(found.version.disagreeing, ElementsAre(::testing::Field(&Witness::value, "11.8")));
  world_.write("/opt/cuda/bin/nvcc");
  world_.set("CUDA_HOME", "/opt/cuda");
  EXPECT_EQ(world_.probe("/env").toolkit.nvcc.source, "CUDA_HOME");
  EXPECT_EQ(version_in_toolkit_text("CUDA Version 10.2.89\n")->to_string(), "10.2.89");
}

TEST_F(TorchWorld, JsonComesBackAsItWas) {
  world_.write(site + "/torch/version.py", "__version__ = '2.4.0+cu121'\ncuda = '12.4'\n");
  world_.add_distribution(site, "torch-2.5.1");
  world_.write("/env/pip.conf", "[global]\nindex-url = https://m.example/simple\nfind-links = /a@b/wheels\n");
  const Environment before = world_.probe("/env");
  const std::string written = to_json(before).dump();
  const Environment after =
      environment_from_json("{\"schema_version\": 1, \"environment\": " + written + "}");
  EXPECT_EQ(*after.origin, "target");
  EXPECT_EQ(nlohmann::json::parse(to_json(after).dump())["torch"], nlohmann::json::parse(written)["torch"]);
  auto again = to_json(after);
  auto first = to_json(before);
  again.erase("origin");
  first.erase("origin");
  EXPECT_EQ(again, first);
  EXPECT_EQ(after.installer.find_links.at(0).value, "/a@b/wheels");
}

TEST(EnvironmentJson, HoldsNoCredentials) {
  Environment environment = environment_from_spec("python=3.10");
  environment.installer.index_url = {"https://user:secret@index.example/simple", "PIP_INDEX_URL"};
  environment.installer.proxy = {"user:secret@proxy.example:3128", "PIP_PROXY"};
  environment.installer.extra_index_urls = {{"https://token:secret@x.example/simple", "pip.conf"}};
  const std::string text = to_json(environment).dump();
  EXPECT_THAT(text, Not(HasSubstr("secret")));
  EXPECT_THAT(text, HasSubstr("https://index.example/simple"));
}

TEST(EnvironmentJson, NamesTheFieldThatIsWrong) {
  const auto refusal = [](std::string_view text) {
    try {
      environment_from_json(text);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage);
      return error.sentence().english();
    }
    return std::string("accepted");
  };
  EXPECT_THAT(refusal("[]"), HasSubstr("not a JSON object"));
  EXPECT_THAT(refusal("{}"), HasSubstr("has no \"interpreter\""));
  EXPECT_THAT(refusal(R"({"interpreter": {"version": {"value": "three", "source": ""}}})"),
              HasSubstr("\"interpreter.version\" of the environment file is not a version"));
  EXPECT_THAT(refusal(R"({"interpreter": {}, "torch": 3})"), HasSubstr("\"torch\""));
  EXPECT_THAT(
      refusal(R"({"interpreter": {}, "accelerators": {"gpus": {"value": [{"architecture": "h100"}]}}})"),
      HasSubstr("accelerators.gpus.architecture"));
  EXPECT_EQ(refusal(R"({"interpreter": {"version": null, "unheard_of": 1}})"), "accepted");
}

}  // namespace
}  // namespace wheelfit::probe::test
