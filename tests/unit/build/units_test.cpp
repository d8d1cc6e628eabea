// SPDX-License-Identifier: Apache-2.0
#include "build/units.hpp"

#include "base/error.hpp"

namespace wheelfit::build {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::string_view file_text = R"(
rule compile
  command = c++ -c $in -o $out -O3
rule cuda_compile
  command = nvcc -c $in -o $out -gencode arch=compute_80,code=sm_80 -gencode arch=compute_90,code=sm_90
build /b/api.o: compile /t/src/api.cpp
build /b/fwd_a.o: cuda_compile /t/src/fwd_a.cu
build /b/fwd_b.o: cuda_compile /t/src/fwd_b.cu
build /b/bwd_a.o: cuda_compile /t/src/bwd_a.cu
)";

class UnitsTest : public ::testing::Test {
 protected:
  UnitsTest() {
    recipe.parts.push_back({{}, "backward", {"bwd_*"}, "gradients", "s"});
    recipe.parts.push_back({{}, "a", {"*_a.cu"}, "a", "s"});
    recipe.stand_in = catalog::StandIn{{"launch.h"}, "stand_in.hpp"};
    recipe.units.push_back({{}, "*.cu", 1, 10, 100, 10, 0, "s"});
  }
  Units units(std::vector<std::string> without) {
    return units_of(
        NinjaFile::parse(file_text).value(),
        {recipe, version, {python::Version::parse("8.0").value()}, std::move(without), "/made", 2},
        "// stand-in\n", [](const std::filesystem::path& path) {
          return "#include \"launch.h\"\nvoid " + path.stem().string() + "();\n";
        });
  }
  static std::vector<std::string> names(const Units& units) {
    std::vector<std::string> all;
    for (const Unit& unit : units.units) all.push_back(unit.name);
    return all;
  }

  python::Version version = python::Version::parse("2.8.3").value();
  catalog::BuildRecipe recipe;
};

TEST_F(UnitsTest, AllOfThemForTheArchitectureAskedFor) {
  const Units all = units({});
  EXPECT_THAT(names(all), ElementsAre("api.cpp", "fwd_a.cu", "fwd_b.cu", "bwd_a.cu"));
  EXPECT_THAT(all.left_out, IsEmpty());
  EXPECT_THAT(all.generated, IsEmpty());
  EXPECT_EQ(all.units[1].object, "/b/fwd_a.o");
  EXPECT_EQ(all.units[1].command,
            "nvcc -c /t/src/fwd_a.cu -o /b/fwd_a.o.new.o -gencode arch=compute_80,code=sm_80");
  EXPECT_EQ(all.units[1].load.seconds, 11);
}

TEST_F(UnitsTest, WhatIsLeftOutIsStoodInForOnce) {
  const Units some = units({"a"});
  EXPECT_THAT(some.left_out, ElementsAre("fwd_a.cu", "bwd_a.cu"));
  EXPECT_THAT(names(some), ElementsAre("api.cpp", "fwd_b.cu", "left_out.cpp", "empty.cpp"));
  EXPECT_EQ(some.units[2].object, "/b/fwd_a.o") << "setup.py links the objects that it named";
  EXPECT_EQ(some.units[3].object, "/b/bwd_a.o");
  EXPECT_EQ(some.units[2].command, "c++ -c /made/left_out.cpp -o /b/fwd_a.o.new.o -O3 -I/t/src");
  ASSERT_EQ(some.generated.size(), 2U);
  EXPECT_EQ(some.generated[0].content, "// stand-in\nvoid fwd_a();\nvoid bwd_a();\n");
}

TEST_F(UnitsTest, PartsMustBeOfThisVersion) {
  EXPECT_EQ(unknown_part(recipe, version, {"backward", "a"}), std::nullopt);
  EXPECT_EQ(unknown_part(recipe, version, {"backward", "hdim64"}), "hdim64");
  recipe.parts[0].version = python::SpecifierSet::parse("<2").value();
  EXPECT_EQ(unknown_part(recipe, version, {"backward"}), "backward");
}

TEST_F(UnitsTest, AnUnknownStepEndsIt) {
  const auto file =
      NinjaFile::parse("rule cuda_devlink\n  command = x\nbuild d.o: cuda_devlink a.o b.o\n").value();
  EXPECT_THROW(units_of(file, {recipe, version, {}, {}, "/made", 2}, "", [](const auto&) { return ""; }),
               Error);
}

}  // namespace
}  // namespace wheelfit::build
