// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/temp_dir.hpp"

namespace wheelfit::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Variables = std::map<std::string, std::string, std::less<>>;

Invocation parsed(const std::vector<std::string>& arguments, const Variables& variables = {}) {
  return std::get<Invocation>(parse_command_line(arguments, system::EnvironmentVariables(variables)));
}

std::string complaint(const std::vector<std::string>& arguments, const Variables& variables = {}) {
  try {
    parsed(arguments, variables);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.sentence().english();
  }
  return "no error";
}

TEST(CommandLine, ABareCallPlans) {
  EXPECT_EQ(parsed({}).verb, Verb::plan);
  EXPECT_EQ(parsed({"--json"}).settings.output.json, true);
  EXPECT_THAT(parsed({"flash-attn==2.8.3", "--offline"}).subjects, ElementsAre("flash-attn==2.8.3"));
}

TEST(CommandLine, ReadsTheOptionsOfAPlan) {
  const Invocation invocation =
      parsed({"plan",         "x",         "--target",  "python=3.10", "--trust",         "community",
              "--set",        "gpu=sm_90", "--set",     "driver=550",  "--find-links",    "a",
              "--find-links", "b",         "--timeout", "3",           "--stall-timeout", "4",
              "--no-store",   "--lang",    "zh"});
  const commands::Settings& settings = invocation.settings;
  EXPECT_EQ(settings.environment.target, "python=3.10");
  EXPECT_THAT(settings.environment.overrides, ElementsAre("gpu=sm_90", "driver=550"));
  EXPECT_EQ(settings.sources.trust, catalog::Trust::community);
  EXPECT_THAT(settings.sources.find_links, ElementsAre("a", "b"));
  EXPECT_EQ(settings.network.timeout, std::chrono::seconds(3));
  EXPECT_EQ(settings.network.stall_timeout, std::chrono::seconds(4));
  EXPECT_FALSE(settings.store.keep);
  EXPECT_EQ(settings.output.language, "zh");
}

TEST(CommandLine, ReadsTheOptionsOfAnInstallation) {
  const Invocation invocation =
      parsed({"install", "a", "b", "-r", "file.txt", "--require", "import", "--no-verify", "--keep",
              "--dry-run", "--break-system-packages", "--python", "p"});
  EXPECT_EQ(invocation.verb, Verb::install);
  EXPECT_THAT(invocation.subjects, ElementsAre("a", "b"));
  EXPECT_EQ(invocation.requirements_file, "file.txt");
  EXPECT_EQ(invocation.settings.proof.required, commands::Proof::import);
  EXPECT_FALSE(invocation.settings.proof.verify);
  EXPECT_TRUE(invocation.settings.proof.keep_on_failure);
  EXPECT_TRUE(invocation.settings.dry_run);
  EXPECT_TRUE(invocation.settings.environment.break_system_packages);
  EXPECT_EQ(invocation.settings.environment.python, "p");
}

TEST(CommandLine, WrongUsageIsSaid) {
  EXPECT_THAT(complaint({"plan", "--trust", "nobody"}), HasSubstr("--trust"));
  EXPECT_THAT(complaint({"plan", "--bogus"}), HasSubstr("--bogus"));
  EXPECT_THAT(complaint({"install", "--timeout", "x"}), HasSubstr("--timeout"));
  EXPECT_THAT(complaint({"uninstall"}), HasSubstr("name"));
}

TEST(CommandLine, HelpAndVersionAreAnswers) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"--help"}, {"install", "--help"}, {"--version"}}) {
    const auto answer = parse_command_line(arguments, {});
    ASSERT_TRUE(std::holds_alternative<Answer>(answer));
    EXPECT_THAT(std::get<Answer>(answer).text, HasSubstr("wheelfit"));
  }
}

TEST(CommandLine, FlagsWinOverVariablesOverTheFile) {
  const test::TempDir folder;
  folder.write("wheelfit/config.toml",
               "trust = \"official\"\ntimeout = 7\noffline = true\nfind-links = [\"a\", \"b\"]\n");
  Variables variables{{"XDG_CONFIG_HOME", folder.path().string()}};
  EXPECT_EQ(parsed({"plan"}, variables).settings.sources.trust, catalog::Trust::official);
  EXPECT_EQ(parsed({"plan"}, variables).settings.network.timeout, std::chrono::seconds(7));
  EXPECT_TRUE(parsed({"plan"}, variables).settings.network.offline);
  EXPECT_THAT(parsed({"plan"}, variables).settings.sources.find_links, ElementsAre("a", "b"));
  variables["WHEELFIT_TRUST"] = "community";
  variables["WHEELFIT_OFFLINE"] = "0";
  EXPECT_EQ(parsed({"plan"}, variables).settings.sources.trust, catalog::Trust::community);
  EXPECT_FALSE(parsed({"plan"}, variables).settings.network.offline);
  EXPECT_EQ(parsed({"plan", "--trust", "index"}, variables).settings.sources.trust, catalog::Trust::index);
}

TEST(CommandLine, AWrongSettingIsNamed) {
  EXPECT_THAT(complaint({"plan"}, {{"WHEELFIT_TRUST", "nobody"}}), HasSubstr("trust"));
  const test::TempDir folder;
  folder.write("wheelfit/config.toml", "trsut = \"official\"\n");
  EXPECT_THAT(complaint({"plan"}, {{"XDG_CONFIG_HOME", folder.path().string()}}), HasSubstr("trsut"));
  folder.write("wheelfit/config.toml", "trust = \n");
  EXPECT_THAT(complaint({"plan"}, {{"XDG_CONFIG_HOME", folder.path().string()}}), HasSubstr("config.toml:1"));
}

}  // namespace
}  // namespace wheelfit::cli
