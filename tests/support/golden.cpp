// SPDX-License-Identifier: Apache-2.0
#include "support/golden.hpp"

#include <array>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>
#include <stdexcept>

#include "support/temp_dir.hpp"
#include "system/posix_process.hpp"

namespace wheelfit::test {
namespace {

namespace fs = std::filesystem;

using Part = std::pair<const char*, std::string Said::*>;
constexpr std::array<Part, 3> parts{Part{"exit.txt", &Said::exit}, Part{"stderr.txt", &Said::error},
                                    Part{"stdout.txt", &Said::out}};

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  std::istringstream stream{std::string(text)};
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  // A missing final newline is a difference that can be seen.
  if (!text.empty() && text.back() != '\n') lines.back() += "(no newline)";
  return lines;
}

// A copy that the program may write to.
void copy_if_there(const fs::path& from, const fs::path& to) {
  fs::create_directories(to);
  if (fs::exists(from)) fs::copy(fs::canonical(from), to, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
}

std::string exit_text(const system::ProcessResult& result) {
  if (result.timed_out) return "timed out\n";
  if (result.signal) return "signal " + std::to_string(*result.signal) + "\n";
  return std::to_string(result.exit_code.value_or(-1)) + "\n";
}

}  // namespace

GoldenCommand parse_golden_command(std::string_view text) {
  GoldenCommand command;
  for (const std::string& line : lines_of(text)) {
    const std::string_view view = line;
    if (view.empty() || view.front() == '#') continue;
    if (view.starts_with("arg ")) {
      command.arguments.emplace_back(view.substr(4));
      continue;
    }
    if (view.starts_with("mask ")) {
      command.masks.emplace_back(view.substr(5));
      continue;
    }
    const std::size_t equals = view.find('=');
    if (!view.starts_with("env ") || equals == std::string_view::npos) {
      throw std::runtime_error("not a directive: " + line);
    }
    command.environment.emplace_back(view.substr(4, equals - 4), view.substr(equals + 1));
  }
  return command;
}

std::string substituted(std::string text, const std::vector<std::pair<std::string, std::string>>& pairs) {
  for (const auto& [from, to] : pairs) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
      text.replace(at, from.size(), to);
    }
  }
  return text;
}

std::string first_difference(std::string_view expected, std::string_view actual) {
  if (expected == actual) return "";
  const std::vector<std::string> wanted = lines_of(expected);
  const std::vector<std::string> got = lines_of(actual);
  std::size_t at = 0;
  while (at < wanted.size() && at < got.size() && wanted[at] == got[at]) ++at;
  return "line " + std::to_string(at + 1) +
         "\n  expected: " + (at < wanted.size() ? wanted[at] : "(nothing)") +
         "\n  actual:   " + (at < got.size() ? got[at] : "(nothing)");
}

Said run_golden_case(const fs::path& program, const fs::path& folder) {
  const TempDir temporary;
  const std::string here = temporary.path().string();
  const std::vector<std::pair<std::string, std::string>> places{{"{TMP}", here}, {"{CASE}", folder.string()}};
  copy_if_there(folder / "world", temporary / "world");
  copy_if_there(folder / "files", temporary / "work");
  std::map<std::string, std::string, std::less<>> variables{{"HOME", here + "/home"},
                                                            {"PATH", here + "/bin"},
                                                            {"XDG_CACHE_HOME", here + "/cache"},
                                                            {"XDG_CONFIG_HOME", here + "/config"},
                                                            {"LC_ALL", "C.UTF-8"},
                                                            {"COLUMNS", "100"},
                                                            {"TMPDIR", here},
                                                            {"WHEELFIT_ROOT", here + "/world"}};
  const GoldenCommand golden = parse_golden_command(read_text(folder / "command.txt"));
  for (const auto& [name, value] : golden.environment) variables[name] = substituted(value, places);

  system::Command command;
  command.arguments = {fs::absolute(program).string()};
  for (const std::string& argument : golden.arguments)
    command.arguments.push_back(substituted(argument, places));
  command.directory = temporary / "work";
  command.timeout = std::chrono::seconds(60);
  system::PosixProcessRunner runner{system::EnvironmentVariables(variables)};
  const system::ProcessResult result = runner.run(command);

  const std::vector<std::pair<std::string, std::string>> names{
      {here, "{TMP}"}, {folder.string(), "{CASE}"}, {WHEELFIT_VERSION, "{VERSION}"}};
  std::string out = substituted(result.output, names);
  for (const std::string& mask : golden.masks) out = std::regex_replace(out, std::regex(mask), "{MASKED}");
  return {out, substituted(result.error, names), exit_text(result)};
}

std::vector<std::string> compare_golden_case(const Said& said, const fs::path& folder) {
  std::vector<std::string> wrong;
  for (const auto& [name, part] : parts) {
    if (!fs::exists(folder / name)) {
      wrong.push_back(std::string(name) + " is missing; GOLDEN_ACCEPT=1 writes it");
      continue;
    }
    const std::string difference = first_difference(read_text(folder / name), said.*part);
    if (!difference.empty()) wrong.push_back(std::string(name) + ", " + difference);
  }
  return wrong;
}

void accept_golden_case(const Said& said, const fs::path& folder) {
  for (const auto& [name, part] : parts) {
    std::ofstream out(folder / name, std::ios::binary);
    out << said.*part;
    if (!out) throw std::runtime_error("cannot write " + (folder / name).string());
  }
}

}  // namespace wheelfit::test
