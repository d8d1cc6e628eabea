// SPDX-License-Identifier: Apache-2.0
#include "system/posix_process.hpp"
#include "system/process_groups.hpp"

#include <csignal>
#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/temp_dir.hpp"

namespace wheelfit::system {
namespace {

using std::chrono::milliseconds;

class PosixProcess : public testing::Test {
 protected:
  ProcessResult shell(const std::string& script, milliseconds timeout = milliseconds(20'000)) {
    Command command;
    command.arguments = {"sh", "-c", script};
    command.timeout = timeout;
    return runner_.run(command);
  }
  PosixProcessRunner runner_{
      EnvironmentVariables({{"PATH", "/usr/bin:/bin"}, {"KEPT", "kept"}, {"OLD", "old"}})};
  test::TempDir directory_;
};

TEST_F(PosixProcess, KeepsBothStreamsAndTheExitCode) {
  const ProcessResult result = shell("echo out; echo err >&2; exit 3");
  EXPECT_EQ(result.output, "out\n");
  EXPECT_EQ(result.error, "err\n");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_FALSE(result.succeeded());
  EXPECT_TRUE(shell("true").succeeded());
}

TEST_F(PosixProcess, TellsASignal) {
  const ProcessResult result = shell("kill -SEGV $$");
  EXPECT_EQ(result.exit_code, std::nullopt);
  EXPECT_EQ(result.signal, SIGSEGV);
}

TEST_F(PosixProcess, ClosesStandardInput) { EXPECT_EQ(shell("cat; echo end").output, "end\n"); }

TEST_F(PosixProcess, GivesVariablesAndADirectory) {
  Command command;
  command.arguments = {"sh", "-c", "echo \"$KEPT $NEW ${OLD-gone}\"; pwd -P"};
  command.environment = {{"NEW", "new"}, {"OLD", std::nullopt}};
  command.directory = std::filesystem::canonical(directory_.path());
  EXPECT_EQ(runner_.run(command).output, "kept new gone\n" + command.directory->string() + "\n");
}

TEST_F(PosixProcess, CallsBackWithEveryLine) {
  Command command;
  command.arguments = {"sh", "-c", "printf 'one\\ntw'; printf 'o\\nlast'"};
  std::vector<std::string> lines;
  command.on_line = [&](std::string_view line) { lines.emplace_back(line); };
  runner_.run(command);
  EXPECT_THAT(lines, testing::ElementsAre("one", "two", "last"));
}

TEST_F(PosixProcess, DrainsMuchOutputOnBothStreams) {
  const ProcessResult result = shell("head -c 3000000 /dev/zero >&2 & head -c 3000000 /dev/zero; wait");
  EXPECT_EQ(result.output.size(), 3'000'000U);
  EXPECT_EQ(result.error.size(), 3'000'000U);
}

TEST_F(PosixProcess, KillsTheWholeGroupAtTheTimeLimit) {
  const auto begin = std::chrono::steady_clock::now();
  const ProcessResult result = shell("sleep 77 & echo $!; sleep 77", milliseconds(150));
  EXPECT_TRUE(result.timed_out);
  EXPECT_FALSE(result.succeeded());
  EXPECT_EQ(result.signal, SIGKILL);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
  const pid_t grandchild = std::stoi(result.output);
  const std::filesystem::path state = "/proc/" + std::to_string(grandchild) + "/stat";
  for (int tries = 0; tries < 200 && std::filesystem::exists(state); ++tries) {
    if (test::read_text(state).find(") Z") != std::string::npos) break;  // dead, waiting for init
    std::this_thread::sleep_for(milliseconds(5));
  }
  EXPECT_TRUE(!std::filesystem::exists(state) || test::read_text(state).find(") Z") != std::string::npos);
}

TEST_F(PosixProcess, IsStoppedWhenItIsToldTo) {
  Command command;
  command.arguments = {"/bin/sleep", "77"};
  int group = 0;
  command.on_start = [&group](int id) { group = id; };
  command.stop = [&group] { return group != 0; };
  PosixProcessRunner runner{EnvironmentVariables::of_this_process()};
  const ProcessResult result = runner.run(command);
  EXPECT_TRUE(result.stopped);
  EXPECT_FALSE(result.succeeded());
  EXPECT_EQ(result.signal, SIGKILL);
  EXPECT_EQ(memory_of_groups("/", {group}).at(group), 0U);
}

TEST_F(PosixProcess, AGroupIsMeasuredAndKnownByItsStart) {
  Command command;
  command.arguments = {"/bin/sh", "-c", "sleep 77 & sleep 77"};
  bool seen = false;
  int group = 0;
  command.on_start = [&group](int id) { group = id; };
  command.stop = [&] {
    const auto started = start_of("/", group);
    seen = started && memory_of_groups("/", {group}).at(group) > 0;
    end_group(group, *started + 1);  // another's: left alone
    return seen;
  };
  PosixProcessRunner runner{EnvironmentVariables::of_this_process()};
  EXPECT_TRUE(runner.run(command).stopped);
  EXPECT_TRUE(seen);
}

TEST_F(PosixProcess, DoesNotWaitForADaemonThatKeepsTheStreams) {
  const auto begin = std::chrono::steady_clock::now();
  const ProcessResult result = shell("sleep 5 & echo done");
  EXPECT_EQ(result.output, "done\n");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(3));
}

TEST_F(PosixProcess, SaysThatAProgramIsMissing) {
  for (const char* name : {"no-such-program", "/no/such/program"}) {
    Command command;
    command.arguments = {name};
    try {
      runner_.run(command);
      ADD_FAILURE() << "must throw";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::machine);
      EXPECT_THAT(error.what(), testing::HasSubstr(name));
    }
  }
}

TEST_F(PosixProcess, LeavesNothingBehindWhenTheCallbackThrows) {
  Command command;
  command.arguments = {"sh", "-c", "echo line; sleep 77"};
  command.on_line = [](std::string_view) { throw std::runtime_error("enough"); };
  EXPECT_THROW(runner_.run(command), std::runtime_error);
}

TEST_F(PosixProcess, LooksProgramsUp) {
  const auto tool = directory_.write("bin/tool", "#!/bin/sh\n");
  const EnvironmentVariables variables({{"PATH", "/nowhere:" + tool.parent_path().string()}});
  EXPECT_EQ(find_program("tool", variables), std::nullopt) << "it is not executable";
  std::filesystem::permissions(tool, std::filesystem::perms::owner_all);
  EXPECT_EQ(find_program("tool", variables), tool);
  EXPECT_EQ(find_program("./tool", variables), "./tool");
}

}  // namespace
}  // namespace wheelfit::system
