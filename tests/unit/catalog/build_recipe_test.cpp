// SPDX-License-Identifier: Apache-2.0
#include "catalog/build_recipe.hpp"

#include <set>

#include "base/error.hpp"
#include "catalog/build_failures.hpp"
#include "catalog/knowledge.hpp"
#include "catalog/recipe_reader.hpp"

namespace wheelfit::catalog {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view least =
    "name = \"x\"\n[build]\nversion = \">=2\"\n[[build.architectures]]\ncapabilities = [\"8.0\"]\nsource = "
    "\"s\"\n";

std::string complaint(const std::string& more) {
  try {
    read_recipe(std::string(least) + more, "packages/x.toml");
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

TEST(BuildRecipe, TheFirstRowThatMatchesCounts) {
  const Recipe recipe =
      read_recipe(std::string(least) +
                      "[[build.nvcc]]\nversion = \">=2.7\"\nat_least = \"11.7\"\nsource = \"s\"\n"
                      "[[build.nvcc]]\nat_least = \"11.6\"\nsource = \"s\"\n",
                  "packages/x.toml");
  ASSERT_TRUE(recipe.build);
  const auto version = [](const char* text) { return python::Version::parse(text).value(); };
  EXPECT_EQ(recipe.build->nvcc_floor(version("2.8"))->at_least, version("11.7"));
  EXPECT_EQ(recipe.build->nvcc_floor(version("2.6"))->at_least, version("11.6"));
  EXPECT_FALSE(recipe.build->offered(version("2.6"))->by_variable);
}

TEST(BuildRecipe, ComplaintsNameTheLine) {
  EXPECT_EQ(complaint(""), "none");
  EXPECT_THAT(
      complaint("[[build.part]]\nname = \"No-Dash\"\nunits = [\"*\"]\nsummary = \"s\"\nsource = \"s\"\n"),
      HasSubstr("packages/x.toml:8: `name` must be lower-case letters and digits"));
  EXPECT_THAT(
      complaint("[[build.part]]\nname = \"part\"\nunits = [\"*\"]\nsummary = \"s\"\nsource = \"s\"\n"),
      HasSubstr("`stand_in` is missing"));
  EXPECT_THAT(complaint("[[build.unit]]\nfiles = \"*\"\nsource = \"s\"\n"), HasSubstr("`seconds_once`"));
  EXPECT_THAT(complaint("[[build.variable]]\nname = \"X\"\nvalue = \"1\"\n"),
              HasSubstr("`source` is missing"));
}

TEST(BuildRecipe, WhatIsShippedHoldsTogether) {
  const Knowledge knowledge = load_knowledge(std::nullopt);
  std::set<std::string> built;
  for (const Recipe& recipe : knowledge.recipes) {
    if (!recipe.build) continue;
    built.insert(recipe.name);
    if (recipe.build->stand_in) {
      EXPECT_FALSE(knowledge.file(recipe.build->stand_in->header).empty());
    }
    for (const UnitCost& row : recipe.build->units) EXPECT_GT(row.peak_bytes, 0U) << recipe.name;
    for (const python::Version& version : recipe.sdists) {
      if (!recipe.build->version.admits(version)) continue;
      EXPECT_NE(recipe.build->offered(version), nullptr) << recipe.name << " " << version.to_string();
      EXPECT_NE(recipe.build->nvcc_floor(version), nullptr) << recipe.name << " " << version.to_string();
    }
  }
  EXPECT_THAT(built, ElementsAre("causal-conv1d", "flash-attn", "mamba-ssm"));
}

TEST(BuildFailures, AreExplainedByWhatTheOutputSays) {
  const Knowledge knowledge = load_knowledge(std::nullopt);
  const auto explained = [&](std::string_view output) {
    const auto found = explain_build_failure(knowledge, output);
    return found ? found->code : std::string();
  };
  EXPECT_EQ(explained("nvcc error   : 'cicc' died due to signal 9 (Kill signal)\n"), "memory");
  EXPECT_EQ(explained("nvcc fatal   : Unsupported gpu architecture 'compute_120'\n"), "nvcc-architecture");
  EXPECT_EQ(explained("#error -- unsupported GNU version! gcc versions later than 13 are not supported!"),
            "gcc-version");
  EXPECT_EQ(explained("x.cpp:1:10: fatal error: Python.h: No such file or directory"), "python-headers");
  EXPECT_EQ(explained("RuntimeError: The detected CUDA version (12.9) mismatches the version"), "cuda-major");
  EXPECT_EQ(explained("AssertionError: csrc/cutlass is missing, please use source distribution"),
            "source-file");
  EXPECT_EQ(explained("OSError: CUDA_HOME environment variable is not set."), "cuda-home");
  EXPECT_EQ(explained("write: No space left on device"), "disk-full");
  EXPECT_EQ(explained("all is well"), "");
}

TEST(BuildFailures, TheEndOfTheLogIsItsErrors) {
  EXPECT_THAT(end_of_log("one\nx.cu(3): error: no such thing\ntwo\n\nx.cu:4: fatal error: y\n"),
              ElementsAre("x.cu(3): error: no such thing", "x.cu:4: fatal error: y"));
  EXPECT_THAT(end_of_log("one\n  ^~~\ntwo\n"), ElementsAre("one", "two"));
  EXPECT_THAT(end_of_log(""), ::testing::IsEmpty());
}

}  // namespace
}  // namespace wheelfit::catalog
