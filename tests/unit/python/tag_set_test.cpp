// SPDX-License-Identifier: Apache-2.0
#include "python/tag_set.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wheelfit::python {
namespace {

TEST(TagSet, KeepsTheOrderAndSharesTheContentOfItsCopies) {
  const TagSet tags({"py3", "py2"});
  const TagSet copy = tags;
  EXPECT_THAT(tags, ::testing::ElementsAre("py3", "py2"));
  EXPECT_EQ(&copy.front(), &tags.front());
}

TEST(TagSet, ComparesByContent) {
  EXPECT_EQ(TagSet({"cp311"}), TagSet({"cp311"}));
  EXPECT_NE(TagSet({"cp311"}), TagSet({"cp312"}));
  EXPECT_EQ(TagSet(), TagSet(std::vector<std::string>()));
}

TEST(TagSet, IsNeverWithoutContent) {
  TagSet tags({"cp311"});
  const TagSet moved = std::move(tags);
  EXPECT_EQ(tags, moved);  // NOLINT: a move is a copy
  EXPECT_TRUE(TagSet().empty());
}

}  // namespace
}  // namespace wheelfit::python
