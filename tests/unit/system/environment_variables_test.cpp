// SPDX-License-Identifier: Apache-2.0
#include "system/environment_variables.hpp"

#include <cstdlib>

#include <gtest/gtest.h>

namespace wheelfit::system {
namespace {

TEST(EnvironmentVariablesTest, TellsUnsetFromEmpty) {
  const EnvironmentVariables variables({{"EMPTY", ""}, {"SET", "value"}});
  EXPECT_EQ(variables.get("EMPTY"), "");
  EXPECT_EQ(variables.get_nonempty("EMPTY"), std::nullopt);
  EXPECT_EQ(variables.get_nonempty("SET"), "value");
  EXPECT_EQ(variables.get("UNSET"), std::nullopt);
}

TEST(EnvironmentVariablesTest, IsASnapshot) {
  setenv("WHEELFIT_TEST_VARIABLE", "a=b", 1);
  const EnvironmentVariables variables = EnvironmentVariables::of_this_process();
  setenv("WHEELFIT_TEST_VARIABLE", "later", 1);
  EXPECT_EQ(variables.get("WHEELFIT_TEST_VARIABLE"), "a=b");
}

}  // namespace
}  // namespace wheelfit::system
