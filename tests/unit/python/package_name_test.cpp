// SPDX-License-Identifier: Apache-2.0
#include "python/package_name.hpp"

#include <gtest/gtest.h>

namespace wheelfit::python {
namespace {

TEST(PackageName, IsNormalised) {
  EXPECT_EQ(normalized_name("Flash__Attn.3"), "flash-attn-3");
  EXPECT_EQ(normalized_name("flash_attn"), "flash-attn");
  EXPECT_EQ(normalized_name("a-_.b"), "a-b");
  EXPECT_EQ(normalized_name("-a-"), "-a-");
  EXPECT_EQ(normalized_name(""), "");
}

TEST(PackageName, HasAFileNameForm) {
  EXPECT_EQ(file_name_form("Flash-Attn"), "flash_attn");
  EXPECT_EQ(file_name_form("zope.interface"), "zope_interface");
  EXPECT_EQ(file_name_form("a-_.b"), "a_b");
}

TEST(PackageName, IsJudged) {
  for (const auto* name : {"a", "7", "flash-attn", "Flash.Attn_3"}) EXPECT_TRUE(is_valid_name(name)) << name;
  for (const auto* name : {"", "-", "a-", ".a", "a b", "a/b", "..", "caf\xC3\xA9", "a\n"}) {
    EXPECT_FALSE(is_valid_name(name)) << name;
  }
}

}  // namespace
}  // namespace wheelfit::python
