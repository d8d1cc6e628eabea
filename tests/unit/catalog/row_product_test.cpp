// SPDX-License-Identifier: Apache-2.0
#include "catalog/row_product.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wheelfit::catalog {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> tags_of(const Product& product) {
  std::vector<std::string> tags;
  for (const Build& build : product.builds) tags.push_back(build.tag);
  return tags;
}

TEST(RowProduct, MultipliesInterpretersWithPlatforms) {
  const auto product = parse_product("a_b-1.{0,1}+cu12-cp{39,313t}-{linux_x86_64,any}");
  ASSERT_TRUE(product);
  EXPECT_EQ(product->distribution, "a_b");
  EXPECT_THAT(product->versions, ElementsAre("1.0+cu12", "1.1+cu12"));
  EXPECT_THAT(tags_of(*product), ElementsAre("cp39-cp39-linux_x86_64", "cp39-cp39-any",
                                             "cp313-cp313t-linux_x86_64", "cp313-cp313t-any"));
}

TEST(RowProduct, TakesAnAbiThatIsNotMadeOfTheInterpreter) {
  const auto product = parse_product("a-1-cp39-abi3-manylinux_2_24_x86_64.manylinux_2_28_x86_64");
  ASSERT_TRUE(product);
  ASSERT_EQ(product->builds.size(), 1U);
  EXPECT_THAT(product->builds[0].python_tags, ElementsAre("cp39"));
  EXPECT_THAT(product->builds[0].abi_tags, ElementsAre("abi3"));
  EXPECT_THAT(product->builds[0].platform_tags, ElementsAre("manylinux_2_24_x86_64", "manylinux_2_28_x86_64"));
}

TEST(RowProduct, RefusesWhatIsNoWheel) {
  EXPECT_FALSE(parse_product("a-1-cp39"));
  EXPECT_FALSE(parse_product("a-1-cp39-cp39-linux-x86"));
  EXPECT_FALSE(parse_product("a-1-cp{39-linux_x86_64"));
}

}  // namespace
}  // namespace wheelfit::catalog
