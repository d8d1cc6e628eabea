// SPDX-License-Identifier: Apache-2.0
#include "install/dependencies.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace wheelfit::install {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const python::MarkerEnvironment markers = python::linux_marker_environment("3.11.7", "x86_64");

TEST(JudgeDependencies, SeparatesTheMissingFromTheContradicted) {
  const Dependencies result =
      judge_dependencies("demo",
                         {"torch>=2.6", "Einops", "packaging>=20", "colorama; sys_platform == 'win32'",
                          "pytest; extra == 'test'", "??"},
                         markers, {{"torch", "2.4.0+cu121"}, {"packaging", "24.1"}});
  EXPECT_THAT(result.missing, ElementsAre("Einops"));
  ASSERT_EQ(result.conflicts.size(), 1U);
  EXPECT_EQ(result.conflicts[0].name, "torch");
  EXPECT_THAT(result.conflicts[0].reason.english(), HasSubstr("torch 2.4.0+cu121 is installed"));
  EXPECT_EQ(result.unreadable.size(), 1U);
}

TEST(JudgeDependencies, DoesNotBringWhatTheCallerKeepsForItself) {
  const Dependencies result = judge_dependencies("demo", {"torch", "einops"}, markers, {}, {"torch"});
  EXPECT_THAT(result.missing, ElementsAre("einops"));
  ASSERT_EQ(result.conflicts.size(), 1U);
  EXPECT_EQ(result.conflicts[0].installed, "");
}

TEST(JudgeDependencies, ALocalLabelSatisfiesItsPublicVersion) {
  EXPECT_THAT(judge_dependencies("demo", {"torch==2.4.0"}, markers, {{"torch", "2.4.0+cu121"}}).conflicts,
              IsEmpty());
}

TEST(Constraints, HoldEverythingAtItsVersion) {
  EXPECT_EQ(constraints_for({{"a", "1.0"}, {"b", "odd version"}}), "a==1.0\nb===odd version\n");
}

class FixedRunner final : public system::ProcessRunner {
 public:
  system::ProcessResult run(const system::Command& command) override {
    commands.push_back(command);
    return result;
  }
  std::vector<system::Command> commands;
  system::ProcessResult result;
};

TEST(BringMissing, AsksTheEnvironmentsOwnInstallerUnderConstraints) {
  FixedRunner runner;
  runner.result.exit_code = 0;
  SilentReporter silent;
  bring_missing({}, {}, "/venv/bin/python", Installer::pip, {}, runner, silent);
  EXPECT_THAT(runner.commands, IsEmpty());
  bring_missing({"einops"}, {{"torch", "2.4.0"}}, "/venv/bin/python", Installer::pip,
                {{"PIP_INDEX_URL", "https://index.example/simple/"}}, runner, silent);
  ASSERT_EQ(runner.commands.size(), 1U);
  EXPECT_THAT(runner.commands[0].arguments, ::testing::Contains("--constraint"));
  EXPECT_EQ(runner.commands[0].arguments.front(), "/venv/bin/python");
  EXPECT_EQ(runner.commands[0].arguments.back(), "einops");
  EXPECT_EQ(runner.commands[0].environment.at("PIP_INDEX_URL"), "https://index.example/simple/");
  bring_missing({"einops"}, {}, "/venv/bin/python", Installer::uv, {}, runner, silent);
  EXPECT_EQ(runner.commands[1].arguments.front(), "uv");
}

TEST(BringMissing, LeavesTheInstallersCacheAloneWhereNothingIsToStay) {
  FixedRunner runner;
  runner.result.exit_code = 0;
  SilentReporter silent;
  for (const Installer installer : {Installer::pip, Installer::uv}) {
    bring_missing({"einops"}, {}, "/p", installer, {}, runner, silent);
    bring_missing({"einops"}, {}, "/p", installer, {}, runner, silent, InstallerCache::unused);
  }
  using ::testing::Contains;
  EXPECT_THAT(runner.commands[0].arguments, ::testing::Not(Contains("--no-cache-dir")));
  EXPECT_THAT(runner.commands[1].arguments, Contains("--no-cache-dir"));
  EXPECT_THAT(runner.commands[2].arguments, ::testing::Not(Contains("--no-cache")));
  EXPECT_THAT(runner.commands[3].arguments, Contains("--no-cache"));
}

TEST(BringMissing, ReportsTheInstallersLastLines) {
  FixedRunner runner;
  runner.result.exit_code = 1;
  runner.result.error = "first\nERROR: No matching distribution found for einops\n";
  SilentReporter silent;
  try {
    bring_missing({"einops"}, {}, "/p", Installer::pip, {}, runner, silent);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "dependencies");
    EXPECT_THAT(error.sentence().english(), HasSubstr("No matching distribution"));
  }
}

}  // namespace
}  // namespace wheelfit::install
