// SPDX-License-Identifier: Apache-2.0
#include "catalog/shared.hpp"

#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace wheelfit::catalog {
namespace {

TEST(Shared, CopiesAreOneObjectUntilOneIsEdited) {
  Shared<std::string> first(std::string("wheel"));
  const Shared<std::string> second = first;
  EXPECT_EQ(&*first, &*second);
  first.edit() += "s";
  EXPECT_EQ(*first, "wheels");
  EXPECT_EQ(*second, "wheel");
}

TEST(Shared, WhatNobodyElseHoldsIsEditedInPlace) {
  Shared<std::string> only(std::string("wheel"));
  const std::string* const object = &*only;
  only.edit() += "s";
  EXPECT_EQ(&*only, object);
  EXPECT_EQ(*only, "wheels");
}

TEST(Shared, IsNeverEmpty) {
  Shared<std::string> plain;
  EXPECT_EQ(plain->size(), 0U);
  plain.edit() = "mine";
  EXPECT_EQ(*Shared<std::string>(), "") << "what all empty ones share must stay as it is";
  const Shared<std::string> moved = std::move(plain);
  EXPECT_EQ(*plain, "mine");  // NOLINT: a move is a copy
  EXPECT_EQ(*moved, "mine");
}

}  // namespace
}  // namespace wheelfit::catalog
