// SPDX-License-Identifier: Apache-2.0
#include "system/interrupt.hpp"

#include <chrono>
#include <csignal>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/error.hpp"
#include "support/fake_clock.hpp"
#include "support/http_server.hpp"
#include "system/curl_http.hpp"
#include "system/posix_process.hpp"

namespace wheelfit::system {
namespace {

// Each in a process of its own: the flag stays set.
template <typename Action>
[[noreturn]] void interrupted_in_the_midst_of(Action action) {
  catch_interrupts();
  std::thread presser([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    kill(getpid(), SIGINT);
  });
  int outcome = 1;
  try {
    action();
  } catch (const Error& error) {
    outcome = error.kind() == ErrorKind::interrupted ? 42 : 2;
  }
  presser.join();
  _exit(outcome);
}

TEST(InterruptTest, EndsATransfer) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        const test::HttpServer server([](const auto&) { return test::ServerResponse{.silent = true}; });
        test::FakeClock clock;
        interrupted_in_the_midst_of([&] {
          HttpRequest request;
          request.url = server.url("/");
          make_http_client({}, clock)->get(request);
        });
      },
      testing::ExitedWithCode(42), "");
}

TEST(InterruptTest, EndsAChild) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(interrupted_in_the_midst_of([] {
                Command command;
                command.arguments = {"/bin/sleep", "77"};
                PosixProcessRunner(EnvironmentVariables()).run(command);
              }),
              testing::ExitedWithCode(42), "");
}

}  // namespace
}  // namespace wheelfit::system
