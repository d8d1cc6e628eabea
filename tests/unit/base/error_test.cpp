// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"

#include <gtest/gtest.h>

namespace wheelfit {
namespace {

TEST(Error, CarriesItsContextOutermostFirst) {
  try {
    with_context(text("installing {}", "a.whl"), [] {
      with_context(text("reading RECORD"),
                   [] { throw Error(ErrorKind::refused, text("row 3 has two columns")); });
    });
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "installing a.whl: reading RECORD: row 3 has two columns");
    EXPECT_EQ(error.context().size(), 2U);
  }
}

TEST(Error, WithContextHandsTheValueThrough) {
  EXPECT_EQ(with_context(text("x"), [] { return 7; }), 7);
}

TEST(Error, KindDecidesTheExitCode) {
  EXPECT_EQ(exit_code_for(ErrorKind::usage), ExitCode::usage);
  EXPECT_EQ(exit_code_for(ErrorKind::refused), ExitCode::refused);
  EXPECT_EQ(exit_code_for(ErrorKind::unreachable), ExitCode::unreachable);
  EXPECT_EQ(exit_code_for(ErrorKind::machine), ExitCode::internal);
  EXPECT_EQ(exit_code_for(ErrorKind::internal), ExitCode::internal);
  EXPECT_EQ(exit_code_for(ErrorKind::interrupted), ExitCode::interrupted);
}

}  // namespace
}  // namespace wheelfit
