// SPDX-License-Identifier: Apache-2.0
#include "differential/pipcache/pips.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <stdexcept>

#include "support/temp_dir.hpp"

namespace wheelfit::test {
namespace {

namespace fs = std::filesystem;

std::string setting(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

// Newest first.
std::vector<std::string> interpreters() {
  std::vector<std::string> all;
  if (const std::string given = setting("WHEELFIT_PYTHONS"); !given.empty()) {
    std::istringstream parts(given);
    for (std::string part; std::getline(parts, part, ':');) all.push_back(part);
    return all;
  }
  std::vector<std::pair<int, std::string>> found;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(fs::path(setting("HOME")) / ".pyenv/versions", failed)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("3.")) found.emplace_back(std::atoi(name.c_str() + 2), entry.path() / "bin/python3");
  }
  std::sort(found.rbegin(), found.rend());
  for (auto& [minor, path] : found) all.push_back(std::move(path));
  for (int minor = 14; minor >= 6; --minor) all.push_back("python3." + std::to_string(minor));
  all.emplace_back("python3");
  return all;
}

std::optional<std::vector<std::string>> run(const std::string& folder, const std::string& python,
                                            const std::vector<nlohmann::json>& questions) {
  const TempDir place;
  std::string input;
  for (const auto& question : questions) input += question.dump() + "\n";
  const std::string answers = place / "answers";
  const std::string command = "PYTHONPATH='" + folder + "' '" + python +
                              "' -B -W ignore '" WHEELFIT_SOURCE "/tests/differential/pipcache/oracle.py' '" +
                              place.write("questions", input).string() + "' '" + answers + "' > '" +
                              (place / "log").string() + "' 2>&1";
  if (std::system(command.c_str()) != 0) return std::nullopt;
  std::istringstream text(read_text(answers));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

}  // namespace

const std::vector<std::string>& pip_releases() {
  static const std::vector<std::string> releases{"10.0.1", "18.1", "19.3.1", "20.0.2", "20.3.4",
                                                 "21.3.1", "22.2", "22.3.1", "23.0",   "23.2.1",
                                                 "24.3.1", "25.3", "newest"};
  return releases;
}

std::optional<Pip> Pip::find(const std::string& release, std::string& why) {
  const std::string home = setting("WHEELFIT_PIPS");
  Pip pip;
  pip.folder_ = (fs::path(home) / release).string();
  if (home.empty() || !fs::is_directory(fs::path(pip.folder_) / "pip")) {
    why = "needs pip " + release + " in a folder of WHEELFIT_PIPS (scripts/lib.sh: make_pips)";
    return std::nullopt;
  }
  for (const std::string& python : interpreters()) {
    const auto answer = run(pip.folder_, python, {{{"ask", "about"}}});
    if (!answer || answer->size() != 1) continue;
    pip.python_ = python;
    pip.version_ =
        python::Version::parse(nlohmann::json::parse(answer->front())["pip"].get<std::string>()).value();
    return pip;
  }
  why = "no Python here runs pip " + release + " (WHEELFIT_PYTHONS)";
  return std::nullopt;
}

bool Pip::is_at_least(std::uint64_t major, std::uint64_t minor) const {
  return std::pair(version_.major(), version_.minor()) >= std::pair(major, minor);
}

std::vector<std::string> Pip::ask(const std::vector<nlohmann::json>& questions) const {
  auto answers = run(folder_, python_, questions);
  if (!answers || answers->size() != questions.size()) throw std::runtime_error("oracle.py failed");
  return std::move(*answers);
}

}  // namespace wheelfit::test
