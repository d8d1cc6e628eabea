// SPDX-License-Identifier: Apache-2.0
// Real processes: /bin/sh in the place of a compiler.
#include "build/compile.hpp"

#include <atomic>
#include <csignal>
#include <thread>

#include "support/recording_reporter.hpp"
#include "support/temp_dir.hpp"
#include "system/files.hpp"
#include "system/posix_process.hpp"
#include "system/process_groups.hpp"

namespace wheelfit::build {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::uint64_t gigabyte = 1'000'000'000;

class CompileTest : public ::testing::Test {
 protected:
  CompileTest() {
    settings.jobs = 2;
    settings.what = "demo 1.0";
    settings.machine = [] { return system::Machine{2, 8 * gigabyte, 8 * gigabyte}; };
  }
  static BuildKey key() {
    BuildKey made;
    made.package = "demo";
    made.version = python::Version::parse("1.0").value();
    return made;
  }
  void open() {
    place.emplace(store.path(), key());
    system::make_directories(place->source());
  }
  Unit unit(const std::string& name, const std::string& script) {
    Unit made;
    made.name = name;
    made.object = store.path() / "objects" / (name + ".o");
    made.command = "/bin/sh -c '" + script + " && echo made > " + made.new_object().string() + "'";
    made.load = {1, gigabyte / 100, 0, false};
    return made;
  }
  std::vector<Compiled> run(const std::vector<Unit>& units) {
    return compile(units, *place, settings, processes, report);
  }

  test::TempDir store;
  std::optional<Workplace> place;
  CompileSettings settings;
  system::PosixProcessRunner processes{system::EnvironmentVariables::of_this_process()};
  test::RecordingReporter report;
};

TEST_F(CompileTest, EachUnitIsThereAndIsNotCompiledTwice) {
  open();
  const fs::path trace = store.path() / "trace";
  const std::vector<Unit> units{unit("a", "echo a >> " + trace.string()),
                                unit("b", "echo b >> " + trace.string())};
  EXPECT_THAT(run(units), SizeIs(2));
  EXPECT_EQ(system::read_file(units[0].object), "made\n");
  EXPECT_THAT(not_done(units, *place), IsEmpty());
  EXPECT_THAT(run(units), IsEmpty());
  EXPECT_THAT(system::read_file(trace), SizeIs(4));
}

TEST_F(CompileTest, AnotherCommandMeansAnotherObject) {
  open();
  run({unit("a", "true")});
  EXPECT_THAT(not_done({unit("a", "true ")}, *place), SizeIs(1));
}

TEST_F(CompileTest, AFailureEndsTheOthersAndTellsWhatTheCompilerSaid) {
  open();
  const std::vector<Unit> units{unit("bad", "echo no such header >&2; exit 1"), unit("slow", "sleep 60")};
  const auto began = std::chrono::steady_clock::now();
  try {
    run(units);
    FAIL() << "it did not fail";
  } catch (const CompileFailure& failure) {
    EXPECT_THAT(failure.sentence().english(), HasSubstr("bad could not be compiled"));
    EXPECT_THAT(failure.output(), HasSubstr("no such header"));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(30));
  EXPECT_FALSE(fs::exists(units[1].object));
  EXPECT_THAT(system::read_file(place->log()), HasSubstr("no such header"));
}

TEST_F(CompileTest, AUnitThatTheKernelKilledIsTriedOnceMoreAlone) {
  open();
  const fs::path once = store.path() / "once";
  const std::vector<Unit> units{
      unit("fat", "[ -e " + once.string() + " ] || { touch " + once.string() + "; kill -9 $$; }")};
  EXPECT_THAT(run(units), SizeIs(1));
  EXPECT_THAT(report.notes().front(), HasSubstr("fat ran out of memory"));
}

TEST_F(CompileTest, AUnitThatNeverFitsIsSaidToNotFit) {
  open();
  try {
    run({unit("fat", "kill -9 $$")});
    FAIL() << "it did not fail";
  } catch (const CompileFailure& failure) {
    EXPECT_EQ(failure.code(), "memory");
    EXPECT_EQ(failure.kind(), ErrorKind::machine);
  }
}

TEST_F(CompileTest, WhenMemoryRunsShortTheYoungerUnitWaitsAndIsDoneInTheEnd) {
  open();
  const fs::path both = store.path() / "both";
  // While two run, next to nothing is left.
  settings.machine = [&both] {
    const bool short_now = fs::exists(both);
    return system::Machine{2, 8 * gigabyte, short_now ? gigabyte / 100 : 8 * gigabyte};
  };
  const std::vector<Unit> units{
      unit("older", "sleep 1.5; rm -f " + both.string()),
      unit("younger", "[ -e " + both.string() + ".seen ] || { touch " + both.string() + " " + both.string() +
                          ".seen; sleep 60; }")};
  EXPECT_THAT(run(units), SizeIs(2));
  EXPECT_THAT(report.notes().front(), HasSubstr("memory runs short: younger is compiled later, alone"));
}

// What runs already counts against the cap, however much the machine has left.
TEST_F(CompileTest, AllCompilersTogetherKeepWithinTheCap) {
  open();
  settings.memory = 300'000'000;
  const std::string there = (store.path() / "there").string();
  const std::string script =
      "mkdir " + there +
      " && python3 -c \"import time; x = b\\\"x\\\" * 200000000; time.sleep(2)\" && rmdir " + there;
  std::vector<Unit> units{unit("one", script), unit("two", script)};
  for (Unit& each : units) each.load.peak_bytes = 200'000'000;
  EXPECT_THAT(run(units), SizeIs(2)) << "the second found the first at work";
  EXPECT_THAT(report.notes(), IsEmpty());
}

TEST_F(CompileTest, WhatAKilledRunLeftRunningIsEndedByTheNext) {
  open();
  std::atomic<int> group{0};
  std::atomic<bool> stop{false};
  std::jthread other([&] {
    system::Command command;
    command.arguments = {"/bin/sleep", "60"};
    command.on_start = [&](int id) { group = id; };
    command.stop = [&] { return stop.load(); };
    processes.run(command);
  });
  while (group == 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  place->note_running(group);
  place.reset();
  open();
  other.join();
  stop = true;
  EXPECT_EQ(system::memory_of_groups("/", {group})[group], 0U);
}

TEST_F(CompileTest, TwoBuildsOfTheSameDoNotMeet) {
  open();
  try {
    const Workplace second(store.path(), key());
    FAIL() << "both hold the place";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "locked");
  }
}

TEST_F(CompileTest, AtTheEndOnlyTheLogStays) {
  open();
  place->append_log("said\n");
  system::write_file_atomically(place->source() / "x", "");
  place->clear();
  EXPECT_FALSE(fs::exists(place->source()));
  EXPECT_TRUE(fs::exists(place->log()));
}

TEST_F(CompileTest, ABuiltWheelIsFoundByItsKey) {
  EXPECT_FALSE(find_built(store.path(), key()));
  remember_built(store.path(), key(), {"demo-1.0.whl", "ab", 5});
  ASSERT_TRUE(find_built(store.path(), key()));
  EXPECT_EQ(find_built(store.path(), key())->file_name, "demo-1.0.whl");
  BuildKey other = key();
  other.torch = "2.7.0";
  EXPECT_FALSE(find_built(store.path(), other));
}

}  // namespace
}  // namespace wheelfit::build
