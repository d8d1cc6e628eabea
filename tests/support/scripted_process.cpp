// SPDX-License-Identifier: Apache-2.0
#include "support/scripted_process.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "base/error.hpp"

namespace wheelfit::test {
namespace {

bool matches(const std::vector<std::string>& words, const system::Command& command) {
  if (command.arguments.empty()) return false;
  const std::string program = std::filesystem::path(command.arguments.front()).filename().string();
  return std::all_of(words.begin(), words.end(), [&](const std::string& word) {
    return word == program || std::count(command.arguments.begin(), command.arguments.end(), word) > 0;
  });
}

void report_lines(const std::string& stream, const system::Command& command) {
  if (!command.on_line) return;
  std::istringstream lines(stream);
  for (std::string line; std::getline(lines, line);) command.on_line(line);
}

}  // namespace

void ScriptedProcess::answer(std::vector<std::string> words, system::ProcessResult result) {
  handle(std::move(words), [=](const system::Command&) { return result; });
}

void ScriptedProcess::handle(std::vector<std::string> words, Handler handler) {
  const std::lock_guard lock(mutex_);
  rules_.emplace_back(std::move(words), std::move(handler));
}

system::ProcessResult ScriptedProcess::run(const system::Command& command) {
  Handler handler;
  {
    const std::lock_guard lock(mutex_);
    commands_.push_back(command);
    const auto rule = std::find_if(rules_.begin(), rules_.end(),
                                   [&](const auto& candidate) { return matches(candidate.first, command); });
    if (rule != rules_.end()) handler = rule->second;
  }
  if (!handler) {
    throw Error(ErrorKind::machine, text("{} cannot be started: it is not scripted",
                                         command.arguments.empty() ? "nothing" : command.arguments.front()));
  }
  system::ProcessResult result = handler(command);
  report_lines(result.output, command);
  report_lines(result.error, command);
  return result;
}

std::vector<system::Command> ScriptedProcess::commands() const {
  const std::lock_guard lock(mutex_);
  return commands_;
}

system::ProcessResult exited(int code, std::string output, std::string error) {
  system::ProcessResult result;
  result.exit_code = code;
  result.output = std::move(output);
  result.error = std::move(error);
  return result;
}

system::ProcessResult killed_by(int signal, std::string error) {
  system::ProcessResult result;
  result.signal = signal;
  result.error = std::move(error);
  return result;
}

}  // namespace wheelfit::test
