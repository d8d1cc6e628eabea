// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wheelfit::system {

struct Command {
  std::vector<std::string> arguments;  // arguments[0] is the program: a path, or a name looked up on PATH
  // Variables set on top of (or, with nullopt, removed from) this process's.
  std::map<std::string, std::optional<std::string>> environment;
  std::optional<std::filesystem::path> directory;
  std::chrono::milliseconds timeout{std::chrono::minutes(10)};
  // Called with each complete line of standard output/error while the child runs; may be empty.
  std::function<void(std::string_view)> on_line;
  // Called once with the id of the child's process group, as soon as it runs; may be empty.
  std::function<void(int)> on_start;
  // Asked several times a second from the calling thread; true ends the child's whole group. May be empty.
  std::function<bool()> stop;
};

struct ProcessResult {
  std::optional<int> exit_code;  // nullopt: ended by a signal
  std::optional<int> signal;
  bool timed_out = false;
  bool stopped = false;  // Command::stop said so
  std::string output;  // both streams are kept whole, each up to 16 MiB (the end is kept)
  std::string error;

  bool succeeded() const noexcept { return exit_code == 0 && !timed_out && !stopped; }
};

// Runs a child in a process group of its own, standard input closed; on time-out the whole group is killed.
// A program that cannot be started throws Error{machine}. Thread-safe.
class ProcessRunner {
 public:
  virtual ~ProcessRunner() = default;
  virtual ProcessResult run(const Command& command) = 0;
};

}  // namespace wheelfit::system
