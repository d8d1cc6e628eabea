// SPDX-License-Identifier: Apache-2.0
// Every single file operation fails once, and the installer is killed at any moment: the environment is the
// old one or the new one, never between.
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <random>

#include "environment.hpp"
#include "faulty_file_operations.hpp"

namespace wheelfit::install::test {
namespace {

using Snapshot = std::map<std::string, std::string>;
SilentReporter silent;

WheelBuilder demo(const std::string& version) {
  return WheelBuilder("demo", version)
      .file("demo/__init__.py", "version = '" + version + "'\n")
      .file("demo/core.so", std::string(300000, 'x') + version, 0100755)
      .file("demo_" + version.substr(0, 1) + ".py", version)
      .file("space/part.py", version)
      .file("demo-" + version + ".data/scripts/run", "#!python\n" + version);
}

// An environment with version 1 and a neighbour in a shared directory.
TestEnvironment& prepared(TestEnvironment& environment) {
  environment.install(WheelBuilder("other", "1.0").file("space/other.py", "other"));
  environment.install(demo("1.0"));
  return environment;
}

Snapshot new_state() {
  TestEnvironment environment;
  prepared(environment).install(demo("2.0"));
  Snapshot state = environment.snapshot();
  // The interpreter's path and what follows from it differ from environment to environment.
  std::erase_if(state,
                [](const auto& item) { return item.first == "bin/run" || item.first.ends_with("RECORD"); });
  return state;
}

Snapshot comparable(Snapshot state) {
  std::erase_if(state,
                [](const auto& item) { return item.first == "bin/run" || item.first.ends_with("RECORD"); });
  return state;
}

TEST(InstallFaults, EveryOperationThatFailsLeavesTheEnvironmentAsItWas) {
  TestEnvironment environment;
  prepared(environment);
  const Snapshot before = environment.snapshot();
  const InstallRequest request = environment.request(demo("2.0"));
  long operation = 1;
  for (;; ++operation) {
    FaultyFileOperations files(operation, operation % 2 == 0 ? ENOSPC : EACCES);
    try {
      Transaction transaction = install_wheel(request, silent, files);
      // The fault came too late to matter, or not at all.
      const bool reached = files.count() >= operation;
      files.heal();
      transaction.roll_back();
      EXPECT_FALSE(reached) << "operation " << operation << " failed, and nobody noticed";
      break;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::machine) << operation;
    }
    recover(environment.destination());
    ASSERT_EQ(environment.snapshot(), before) << "after operation " << operation;
  }
  EXPECT_GT(operation, 40);
}

TEST(InstallFaults, ADiskThatNeverComesBackIsRecoveredFromLater) {
  TestEnvironment environment;
  prepared(environment);
  const Snapshot before = environment.snapshot();
  const InstallRequest request = environment.request(demo("2.0"));
  for (long operation = 1;; ++operation) {
    FaultyFileOperations files(operation, EIO, FaultyFileOperations::Duration::from_then_on);
    try {
      Transaction transaction = install_wheel(request, silent, files);
      files.heal();
      break;
    } catch (const Error&) {
    }
    recover(environment.destination());
    ASSERT_EQ(environment.snapshot(), before) << "after operation " << operation;
  }
}

TEST(InstallFaults, RemovalIsAllOrNothingToo) {
  TestEnvironment environment;
  prepared(environment);
  const Snapshot before = environment.snapshot();
  for (long operation = 1;; ++operation) {
    FaultyFileOperations files(operation, EACCES);
    try {
      Transaction transaction = remove_distributions({environment.site() / "demo-1.0.dist-info"},
                                                     environment.destination(), silent, files);
      files.heal();
      transaction.roll_back();
      EXPECT_EQ(environment.snapshot(), before);
      break;
    } catch (const Error&) {
    }
    recover(environment.destination());
    ASSERT_EQ(environment.snapshot(), before) << "after operation " << operation;
  }
}

// Slows every operation down, so that a kill falls anywhere.
class SlowFileOperations final : public FileOperations {
 public:
  std::error_code move(const std::filesystem::path& from, const std::filesystem::path& to) noexcept override {
    ::usleep(300);
    return FileOperations::move(from, to);
  }
  std::error_code make_directory(const std::filesystem::path& path, mode_t mode) noexcept override {
    ::usleep(100);
    return FileOperations::make_directory(path, mode);
  }
  std::error_code sync(const std::filesystem::path&) noexcept override { return {}; }
};

pid_t start_installing(const InstallRequest& request) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  ::setpgid(0, 0);
  SlowFileOperations files;
  install_wheel(request, silent, files).commit();
  ::_exit(0);
}

TEST(InstallFaults, AKillAtAnyMomentLeavesTheOldStateOrTheNew) {
  const Snapshot after = new_state();
  std::mt19937 random(20240817);
  int old_states = 0;
  int new_states = 0;
  TestEnvironment environment;
  prepared(environment);
  const Snapshot before = environment.snapshot();
  const InstallRequest forward = environment.request(demo("2.0"));
  const InstallRequest backward = environment.request(demo("1.0"));
  // How long it takes here and now; kills fall before, within and a little after.
  const auto start = std::chrono::steady_clock::now();
  ::waitpid(start_installing(forward), nullptr, 0);
  const auto usual = std::chrono::steady_clock::now() - start;
  install_wheel(backward, silent).commit();
  const auto longest = std::chrono::duration_cast<std::chrono::microseconds>(usual * 3 / 2).count();
  std::uniform_int_distribution<useconds_t> moment(0, static_cast<useconds_t>(longest));
  for (int kill = 0; kill < 60; ++kill) {
    const pid_t child = start_installing(forward);
    ::usleep(moment(random));
    ::kill(-child, SIGKILL);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    recover(environment.destination());
    const Snapshot now = environment.snapshot();
    if (now == before) {
      ++old_states;
    } else {
      ASSERT_EQ(comparable(now), after) << "after kill " << kill;
      ++new_states;
      install_wheel(backward, silent).commit();
      ASSERT_EQ(comparable(environment.snapshot()), comparable(before));
    }
  }
  EXPECT_GT(old_states, 0);
  EXPECT_GT(new_states, 0);
}

}  // namespace
}  // namespace wheelfit::install::test
