// SPDX-License-Identifier: Apache-2.0
#include "build/architectures.hpp"

namespace wheelfit::build {
namespace {

python::Version version(std::string_view text) { return python::Version::parse(text).value(); }
const std::vector<python::Version> offered{version("8.0"), version("8.7"), version("9.0"), version("12.0")};

TEST(Architectures, TheNearestBelowOfTheSameMajor) {
  EXPECT_EQ(best_for(version("8.0"), offered), version("8.0"));
  EXPECT_EQ(best_for(version("8.6"), offered), version("8.0"));
  EXPECT_EQ(best_for(version("8.9"), offered), version("8.7"));
  EXPECT_EQ(best_for(version("12.1"), offered), version("12.0"));
  EXPECT_EQ(best_for(version("7.5"), offered), std::nullopt);
  EXPECT_EQ(best_for(version("10.0"), offered), std::nullopt);
}

TEST(Architectures, TheLabelTellsTheTruthAndIsALocalVersion) {
  const std::string label = local_label(version("2.12.1+cu130"), version("13.0"),
                                        {version("8.0"), version("9.0")}, {"backward", "hdim256"});
  EXPECT_EQ(label, "cu130torch2.12sm80sm90.nobackward.nohdim256");
  EXPECT_EQ(python::Version::parse("2.8.3+" + label).value().local(), label);
  EXPECT_EQ(architecture_list({version("8.0"), version("9.0")}), "80;90");
}

}  // namespace
}  // namespace wheelfit::build
