// SPDX-License-Identifier: Apache-2.0
#include "proof/version_names.hpp"

namespace wheelfit::proof {
namespace {

using ::testing::ElementsAre;

TEST(NumberedVersion, SplitsFamilyAndNumber) {
  const auto version = numbered_version("GLIBCXX_3.4.30");
  ASSERT_TRUE(version);
  EXPECT_EQ(version->family, "GLIBCXX");
  EXPECT_EQ(version->number, "3.4.30");
  EXPECT_THAT(version->parts, ElementsAre(3, 4, 30));
  EXPECT_EQ(numbered_version("CXXABI_FLOAT_1.2")->family, "CXXABI_FLOAT");
}

TEST(NumberedVersion, IsNoneWithoutANumber) {
  for (const char* name :
       {"GLIBC_PRIVATE", "GLIBC_ABI_DT_RELR", "libcudart.so.12", "", "_1", "A_", "A_1.", "A_1x"})
    EXPECT_FALSE(numbered_version(name)) << name;
}

TEST(CodeOfVersion, TellsTheLibrariesApart) {
  EXPECT_EQ(code_of_version("GLIBC_2.38"), ReasonCode::glibc);
  EXPECT_EQ(code_of_version("GLIBCXX_3.4.32"), ReasonCode::libstdcxx);
  EXPECT_EQ(code_of_version("CXXABI_1.3.15"), ReasonCode::libstdcxx);
  EXPECT_EQ(code_of_version("GOMP_5.0"), ReasonCode::missing_symbol);
}

}  // namespace
}  // namespace wheelfit::proof
