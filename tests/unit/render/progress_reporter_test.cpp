// SPDX-License-Identifier: Apache-2.0
#include "render/progress_reporter.hpp"

#include <gmock/gmock.h>

#include <sstream>
#include <thread>
#include <vector>

namespace wheelfit::render {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class ProgressReporterTest : public testing::Test {
 protected:
  ProgressReporter reporter(bool live, Loudness loudness = Loudness::normal) {
    return {output_, {live, loudness, {}}, [this] { return now_; }};
  }
  void pass(int milliseconds) { now_ += std::chrono::milliseconds(milliseconds); }
  std::string messages() const { return messages_.str(); }

  std::ostringstream results_;
  std::ostringstream messages_;
  Output output_{results_, messages_};
  std::chrono::steady_clock::time_point now_{std::chrono::hours(5)};
};

TEST_F(ProgressReporterTest, WritesPlainLinesToALog) {
  ProgressReporter report = reporter(false);
  report.started("Downloading x.whl", 100'000'000);
  pass(2000);
  report.progressed(40'000'000);
  pass(2000);
  report.progressed(41'000'000);
  pass(2000);
  report.progressed(100'000'000);
  report.finished();
  EXPECT_EQ(messages(),
            "Downloading x.whl\n"
            "Downloading x.whl: 40% of 100 MB, 20 MB/s\n"
            "Downloading x.whl: 100% of 100 MB, 15 MB/s\n"
            "Downloading x.whl: 100 MB in 6.0 s (17 MB/s)\n");
  EXPECT_THAT(results_.str(), IsEmpty());
}

TEST_F(ProgressReporterTest, LeavesShortWorkOutOfALog) {
  ProgressReporter report = reporter(false);
  report.started("Looking for wheels", std::nullopt);
  pass(900);
  report.progressed(5);
  report.finished();
  EXPECT_THAT(messages(), IsEmpty());
  report.started("Looking for wheels", std::nullopt);
  pass(1000);
  report.finished();
  EXPECT_EQ(messages(), "Looking for wheels: 1.0 s\n");
}

TEST_F(ProgressReporterTest, RedrawsOneLineOnATerminalAndClearsIt) {
  ProgressReporter report = reporter(true);
  report.started("Downloading x.whl", 100'000'000);
  pass(2000);
  report.progressed(40'000'000);
  EXPECT_THAT(messages(), HasSubstr("\rDownloading x.whl  [########------------]  40%"));
  EXPECT_THAT(messages(), Not(HasSubstr("\n")));
  report.finished();
  EXPECT_THAT(messages(), EndsWith("\r\x1b[K"));
}

TEST_F(ProgressReporterTest, RedrawsTenTimesASecondAtMost) {
  ProgressReporter report = reporter(true);
  report.started("Downloading x.whl", 100'000'000);
  for (std::uint64_t done = 1; done <= 1000; ++done) {
    pass(1);
    report.progressed(done * 100'000);
  }
  const std::string all = messages();
  EXPECT_EQ(std::count(all.begin(), all.end(), '\r'), 11) << "one at the start, ten in the second";
}

TEST_F(ProgressReporterTest, PutsANoteAboveTheLiveLine) {
  ProgressReporter report = reporter(true);
  report.started("Downloading x.whl", std::nullopt);
  report.note("retrying in 2 s");
  EXPECT_THAT(messages(), EndsWith("\r\x1b[Kretrying in 2 s\n"));
  EXPECT_FALSE(report.warned());
}

TEST_F(ProgressReporterTest, RemembersAWarning) {
  ProgressReporter report = reporter(false);
  report.warning("the list is old");
  EXPECT_EQ(messages(), "warning: the list is old\n");
  EXPECT_TRUE(report.warned());
}

TEST_F(ProgressReporterTest, SaysOnlyWarningsWhenQuiet) {
  ProgressReporter report = reporter(false, Loudness::quiet);
  report.started("Downloading x.whl", 100'000'000);
  pass(6000);
  report.progressed(40'000'000);
  report.note("retrying");
  report.finished();
  EXPECT_THAT(messages(), IsEmpty());
  report.warning("the list is old");
  EXPECT_EQ(messages(), "warning: the list is old\n");
}

TEST_F(ProgressReporterTest, LeavesALineOfFinishedWorkWhenVerbose) {
  ProgressReporter report = reporter(true, Loudness::verbose);
  report.started("Reading", std::nullopt);
  pass(500);
  report.finished();
  EXPECT_THAT(messages(), EndsWith("Reading: 0.5 s\n"));
}

TEST_F(ProgressReporterTest, CountsNothingOfAnEarlierRunForItsSpeed) {
  ProgressReporter report = reporter(false);
  report.started("Downloading x.whl", 100'000'000);
  report.resumed(90'000'000);
  pass(2000);
  report.progressed(94'000'000);
  pass(3000);
  report.progressed(100'000'000);
  report.finished();
  EXPECT_EQ(messages(),
            "Downloading x.whl\n"
            "Downloading x.whl: 100% of 100 MB, 2.0 MB/s\n"
            "Downloading x.whl: 10 MB in 5.0 s (2.0 MB/s)\n");
}

TEST_F(ProgressReporterTest, TellsDetailsOnlyToWhoAsks) {
  ProgressReporter report = reporter(false);
  report.detail("over 4 connections");
  EXPECT_THAT(messages(), IsEmpty());
  ProgressReporter verbose = reporter(false, Loudness::verbose);
  verbose.detail("over 4 connections");
  EXPECT_EQ(messages(), "over 4 connections\n");
}

TEST_F(ProgressReporterTest, TakesProgressOfNothingCalmly) {
  ProgressReporter report = reporter(true);
  report.progressed(5);
  report.finished();
  EXPECT_THAT(messages(), IsEmpty());
}

TEST_F(ProgressReporterTest, ClearsTheLineWhenItGoesWithTheWorkUnfinished) {
  {
    ProgressReporter report = reporter(true);
    report.started("Downloading x.whl", std::nullopt);
  }
  EXPECT_THAT(messages(), EndsWith("\r\x1b[K"));
}

TEST_F(ProgressReporterTest, TakesCallsFromManyThreads) {
  ProgressReporter report = reporter(false);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&report] {
      for (int call = 0; call < 100; ++call) report.note("one whole line");
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::istringstream lines(messages());
  int whole = 0;
  for (std::string line; std::getline(lines, line);) whole += line == "one whole line" ? 1 : 0;
  EXPECT_EQ(whole, 400);
}

}  // namespace
}  // namespace wheelfit::render
