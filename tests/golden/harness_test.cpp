// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <fstream>

#include "support/golden.hpp"
#include "support/temp_dir.hpp"

namespace wheelfit::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

TEST(GoldenCommand, TakesArgumentsVerbatimAndVariables) {
  const GoldenCommand command =
      parse_golden_command("# a plan\narg plan\narg a b = c\n\nenv LANG=zh_CN.UTF-8\nmask [0-9]+ = x\n");
  EXPECT_THAT(command.arguments, ElementsAre("plan", "a b = c"));
  EXPECT_THAT(command.environment, ElementsAre(Pair("LANG", "zh_CN.UTF-8")));
  EXPECT_THAT(command.masks, ElementsAre("[0-9]+ = x"));
  EXPECT_THROW(parse_golden_command("plan\n"), std::runtime_error);
}

TEST(FirstDifference, NamesTheLine) {
  EXPECT_EQ(first_difference("a\nb\n", "a\nb\n"), "");
  EXPECT_EQ(first_difference("a\nb\n", "a\nc\n"), "line 2\n  expected: b\n  actual:   c");
  EXPECT_THAT(first_difference("a\n", ""), HasSubstr("actual:   (nothing)"));
  EXPECT_THAT(first_difference("a\n", "a"), HasSubstr("a(no newline)"));
}

TEST(Substituted, ReplacesEveryOccurrence) {
  EXPECT_EQ(substituted("/tmp/x /tmp/x/y", {{"/tmp/x", "{TMP}"}}), "{TMP} {TMP}/y");
}

// A shell stands in for the program: what a case says is what runs, and nothing of our own environment leaks
// in.
TEST(GoldenCase, RunsComparesAndAccepts) {
  const TempDir folder;
  folder.write("command.txt",
               "mask wor.d\narg -c\narg cat note; cat \"$WHEELFIT_ROOT/etc/name\"; echo $GREETING {TMP} >&2; env | grep "
               "-c GOLDEN; exit 3\n"
               "env GREETING=hello\nenv PATH=/usr/bin:/bin\n");
  folder.write("world/etc/name", "a world\n");
  folder.write("files/note", "a note\n");
  setenv("GOLDEN_LEAK", "1", 1);
  const Said said = run_golden_case("/bin/sh", folder.path());
  EXPECT_EQ(said, (Said{"a note\na {MASKED}\n0\n", "hello {TMP}\n", "3\n"}));

  EXPECT_EQ(compare_golden_case(said, folder.path()).size(), 3U) << "nothing is accepted yet";
  accept_golden_case(said, folder.path());
  EXPECT_THAT(compare_golden_case(said, folder.path()), IsEmpty());
  Said other = said;
  other.out += "more\n";
  EXPECT_THAT(compare_golden_case(other, folder.path()), ElementsAre(HasSubstr("stdout.txt, line 4")));
}

}  // namespace
}  // namespace wheelfit::test
