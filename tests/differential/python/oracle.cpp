// SPDX-License-Identifier: Apache-2.0
#include "differential/python/oracle.hpp"

#include <cstdlib>
#include <sstream>
#include <stdexcept>

#include "python/version.hpp"
#include "support/temp_dir.hpp"

namespace wheelfit::test {
namespace {

std::string setting(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : otherwise;
}

// Standard output; nullopt where the program failed.
std::optional<std::string> run_oracle(const std::string& input) {
  const TempDir folder;
  const auto questions = folder.write("questions", input);
  const std::string answers = folder / "answers";
  const std::string command = "PYTHONDONTWRITEBYTECODE=1 PYTHONPATH='" + setting("WHEELFIT_PACKAGING", "") +
                              "' '" + setting("WHEELFIT_ORACLE_PYTHON", "/usr/bin/python3") +
                              "' '" WHEELFIT_SOURCE "/tests/differential/python/oracle.py' < '" +
                              questions.string() + "' > '" + answers + "' 2> '" +
                              (folder / "errors").string() + "'";
  if (std::system(command.c_str()) != 0) return std::nullopt;
  return read_text(answers);
}

}  // namespace

std::vector<nlohmann::json> ask_oracle(const std::vector<nlohmann::json>& questions) {
  std::string input;
  for (const auto& question : questions) input += question.dump() + "\n";
  const auto output = run_oracle(input);
  if (!output) throw std::runtime_error("oracle.py failed");
  std::istringstream lines(*output);
  std::vector<nlohmann::json> answers;
  for (std::string line; std::getline(lines, line);) answers.push_back(nlohmann::json::parse(line));
  if (answers.size() != questions.size()) throw std::runtime_error("oracle.py left questions unanswered");
  return answers;
}

std::optional<std::string> oracle_version() {
  static const std::optional<std::string> version = []() -> std::optional<std::string> {
    const auto output = run_oracle("{\"ask\": \"about\"}\n");
    if (!output) return std::nullopt;
    return nlohmann::json::parse(*output).get<std::string>();
  }();
  return version;
}

bool oracle_is_at_least(std::string_view release) {
  return python::Version::parse(oracle_version().value()).value() >= python::Version::parse(release).value();
}

}  // namespace wheelfit::test
