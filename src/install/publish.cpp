// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <string>

#include "install/moves.hpp"
#include "install/workplace.hpp"

namespace wheelfit::install {
namespace fs = std::filesystem;
namespace {

// What the child says through the pipe: "ok", or "undone|stuck <errno> <path>".
std::string report_of(const MoveFailure& failure, bool undone) {
  return (undone ? "undone " : "stuck ") + std::to_string(failure.code.value()) + " " + failure.path.string();
}

std::string carry_out(FileOperations& files, const Journal& journal, const fs::path& home) {
  std::optional<MoveFailure> failure = make_moves(files, journal);
  if (!failure) {
    int marker = -1;
    const std::error_code marked = files.create(published_marker(home), 0600, marker);
    if (marker >= 0) ::close(marker);
    if (!marked) return "ok";
    failure = MoveFailure{published_marker(home), marked};
  }
  const bool undone = !undo_moves(files, journal);
  return report_of(*failure, undone);
}

bool say(int descriptor, const std::string& message) {
  for (std::size_t sent = 0; sent < message.size();) {
    const ssize_t wrote = ::write(descriptor, message.data() + sent, message.size() - sent);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return false;
    sent += static_cast<std::size_t>(wrote);
  }
  return true;
}

std::string hear(int descriptor) {
  std::string message;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return message;
    message.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

[[noreturn]] void be_the_child(FileOperations& files, const Journal& journal, const fs::path& home,
                               int answer) {
  ::setsid();
  for (const int ignored : {SIGHUP, SIGINT, SIGTERM, SIGPIPE, SIGQUIT, SIGTSTP})
    std::signal(ignored, SIG_IGN);
  const std::string outcome = carry_out(files, journal, home);
  const bool stuck = outcome.starts_with("stuck");
  if (!say(answer, outcome) && !stuck) {
    // Nobody listens any more: the one who began this was killed. The change is whole either way.
    files.remove_file(journal_file(home));
    for (const fs::path& directory : journal.directories) remove_tree(files, directory);
  }
  ::_exit(0);
}

[[noreturn]] void throw_failure(const std::string& outcome, const fs::path& home) {
  const std::size_t first = outcome.find(' ');
  const std::size_t second = outcome.find(' ', first + 1);
  int code = EIO;
  std::from_chars(outcome.data() + first + 1, outcome.data() + second, code);
  const fs::path path = outcome.substr(second + 1);
  Error error = file_error(path, {code, std::generic_category()});
  if (outcome.starts_with("undone")) throw error;
  throw Error(ErrorKind::machine,
              text("{}, and the change could not be taken back whole; what is needed for that lies in {}",
                   error.sentence().english(), home.string()),
              {"run wheelfit again once the cause is gone: it takes the change back first"})
      .with_code("half-done");
}

// The child ended without a word: it was killed too. This process is alive, so it puts things right.
[[noreturn]] void undo_for(FileOperations& files, const Journal& journal, const fs::path& home) {
  if (const auto failure = undo_moves(files, journal)) throw_failure(report_of(*failure, false), home);
  throw Error(ErrorKind::machine,
              "the process that makes the change visible was killed; nothing was changed");
}

}  // namespace

void publish(FileOperations& files, const Journal& journal, const fs::path& home) {
  std::array<int, 2> pipe{};
  const bool piped = ::pipe2(pipe.data(), O_CLOEXEC) == 0;
  const pid_t child = piped ? ::fork() : -1;
  if (child == 0) {
    ::close(pipe[0]);
    be_the_child(files, journal, home, pipe[1]);
  }
  std::string outcome;
  if (child < 0) {
    outcome = carry_out(files, journal, home);  // no second process to be had: in this one, then
  } else {
    ::close(pipe[1]);
    outcome = hear(pipe[0]);
    while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  if (piped) ::close(pipe[0]);
  if (piped && child < 0) ::close(pipe[1]);
  if (outcome == "ok") return;
  if (outcome.empty()) undo_for(files, journal, home);
  throw_failure(outcome, home);
}

}  // namespace wheelfit::install
