// SPDX-License-Identifier: Apache-2.0
// A ProcessRunner that starts nothing: commands are recorded and answered from a script.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "system/process.hpp"

namespace wheelfit::test {

class ScriptedProcess final : public system::ProcessRunner {
 public:
  using Handler = std::function<system::ProcessResult(const system::Command&)>;

  // A command is answered by the first rule all of whose `words` are among its arguments; arguments[0] also
  // counts by its file name ("python3" stands for /usr/bin/python3). No words: any command.
  void answer(std::vector<std::string> words, system::ProcessResult result);
  void handle(std::vector<std::string> words, Handler handler);
  // No rule: Error{machine}, as for a program that cannot be started.
  system::ProcessResult run(const system::Command& command) override;

  std::vector<system::Command> commands() const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::pair<std::vector<std::string>, Handler>> rules_;
  std::vector<system::Command> commands_;
};

system::ProcessResult exited(int code, std::string output = "", std::string error = "");
system::ProcessResult killed_by(int signal, std::string error = "");

}  // namespace wheelfit::test
