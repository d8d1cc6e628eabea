// SPDX-License-Identifier: Apache-2.0
#include "install/journal.hpp"

#include <gtest/gtest.h>

namespace wheelfit::install {
namespace {

Journal sample() {
  return {.boot = "b",
          .directories = {"/site/.wheelfit-change-abcdefgh"},
          .moves = {{MoveKind::stash, "/site/odd\tname\n100%", "/p/old/x"},
                    {MoveKind::publish, "/p/new/x", "/site/x"}}};
}

TEST(Journal, SurvivesBeingWritten) {
  const auto read = parse_journal(write_journal(sample()));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, sample());
}

TEST(Journal, CutOffAnywhereIsNoJournal) {
  const std::string whole = write_journal(sample());
  for (std::size_t length = 0; length + 1 < whole.size(); ++length) {
    EXPECT_FALSE(parse_journal(whole.substr(0, length))) << length;
  }
}

TEST(Journal, WithUnknownLinesIsRefused) {
  EXPECT_FALSE(parse_journal("wheelfit-journal 2\nend\n"));
  EXPECT_FALSE(parse_journal("wheelfit-journal 1\nswap\ta\tb\nend\n"));
  EXPECT_FALSE(parse_journal("wheelfit-journal 1\nstash\ta\nend\n"));
}

}  // namespace
}  // namespace wheelfit::install
