// SPDX-License-Identifier: Apache-2.0
// Golden cases: the real executable, run in a directory of its own, and all that it said compared with files.
//
//   tests/golden/<case>/command.txt  one directive a line: "arg VALUE", "env NAME=VALUE",
//                                    "mask REGEX" (what of the output differs by machine); "#" starts a comment
//                      world/        optional; copied, and named to the program as its root (WHEELFIT_ROOT)
//                      files/        optional; copied to the directory that the program runs in
//                      stdout.txt stderr.txt exit.txt
//
// In directives {CASE} is the case's folder and {TMP} the run's own directory; in what was said they stand
// for these paths, and {VERSION} for wheelfit's version. GOLDEN_ACCEPT=1 writes what was said as what is
// expected.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wheelfit::test {

struct GoldenCommand {
  std::vector<std::string> arguments;
  std::vector<std::pair<std::string, std::string>> environment;
  std::vector<std::string> masks;  // what matches in the output is written as {MASKED}
};
// Throws std::runtime_error naming the line that is no directive.
GoldenCommand parse_golden_command(std::string_view text);

struct Said {
  std::string out;
  std::string error;
  std::string exit;  // "0\n", "signal 11\n", "timed out\n"
  friend bool operator==(const Said&, const Said&) = default;
};

// Every occurrence of each `from` replaced, the first pair first.
std::string substituted(std::string text, const std::vector<std::pair<std::string, std::string>>& pairs);

// The first line that differs, with its number and both forms; "" where the texts are equal.
std::string first_difference(std::string_view expected, std::string_view actual);

// Runs `program` as the case says; nothing of this process's environment is passed on.
Said run_golden_case(const std::filesystem::path& program, const std::filesystem::path& folder);

// What is wrong, one entry per file; empty: all as expected.
std::vector<std::string> compare_golden_case(const Said& said, const std::filesystem::path& folder);
void accept_golden_case(const Said& said, const std::filesystem::path& folder);

}  // namespace wheelfit::test
