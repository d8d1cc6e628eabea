// SPDX-License-Identifier: Apache-2.0
#include "install/dependencies.hpp"

#include <algorithm>

#include "base/activity.hpp"
#include "base/error.hpp"
#include "python/package_name.hpp"
#include "python/requirement.hpp"
#include "python/version.hpp"
#include "system/files.hpp"
#include "system/temp_directory.hpp"

namespace wheelfit::install {
namespace {

constexpr std::size_t lines_shown = 8;

// The specifier an installer gets: its marker was judged here.
std::string without_marker(python::Requirement requirement) {
  requirement.marker.reset();
  return requirement.to_string();
}

bool is_satisfied(const python::Requirement& requirement, const std::string& installed) {
  const auto version = python::Version::parse(installed);
  return !version || requirement.specifiers.admits(*version);  // an unreadable version contradicts nothing
}

void judge(const std::string& distribution, const python::Requirement& requirement,
           const InstalledVersions& installed, const std::set<std::string>& never_brought,
           Dependencies& result) {
  const std::string name = python::normalized_name(requirement.name);
  const std::string wanted = without_marker(requirement);
  const auto found = installed.find(name);
  if (found == installed.end() && !never_brought.contains(name)) {
    result.missing.push_back(wanted);
  } else if (found == installed.end()) {
    result.conflicts.push_back(
        {name, wanted, "", text("{} requires {}, and {} is not installed", distribution, wanted, name)});
  } else if (!is_satisfied(requirement, found->second)) {
    result.conflicts.push_back({name, wanted, found->second,
                                text("{} requires {}, and {} {} is installed, which stays as it is",
                                     distribution, wanted, name, found->second)});
  }
}

std::string last_lines(const std::string& output) {
  std::size_t start = output.find_last_not_of("\r\n ");
  if (start == std::string::npos) return {};
  const std::size_t end = start + 1;
  for (std::size_t lines = 0; lines < lines_shown && start != std::string::npos && start != 0; ++lines) {
    start = output.rfind('\n', start - 1);
  }
  start = start == std::string::npos ? 0 : start;
  return output.substr(start, end - start);
}

std::vector<std::string> command_line(Installer installer, const std::filesystem::path& interpreter,
                                      const std::filesystem::path& constraints) {
  if (installer == Installer::uv) {
    return {"uv", "pip", "install", "--python", interpreter.string(), "--constraint", constraints.string()};
  }
  return {interpreter.string(),          "-m",         "pip",          "install",
          "--disable-pip-version-check", "--no-input", "--constraint", constraints.string()};
}

}  // namespace

Dependencies judge_dependencies(const std::string& distribution,
                                const std::vector<std::string>& requires_dist,
                                const python::MarkerEnvironment& markers, const InstalledVersions& installed,
                                const std::set<std::string>& never_brought) {
  Dependencies result;
  for (const std::string& row : requires_dist) {
    const auto requirement = python::Requirement::parse(row);
    if (!requirement) {
      result.unreadable.push_back(text("{} requires \"{}\", which is no requirement", distribution, row));
    } else if (requirement->applies(markers)) {
      judge(distribution, *requirement, installed, never_brought, result);
    }
  }
  return result;
}

std::string constraints_for(const InstalledVersions& installed) {
  std::string lines;
  for (const auto& [name, version] : installed) {
    // "===" for what is no version by PEP 440: compared as text.
    lines += name + (python::Version::parse(version) ? "==" : "===") + version + "\n";
  }
  return lines;
}

void bring_missing(const std::vector<std::string>& missing, const InstalledVersions& installed,
                   const std::filesystem::path& interpreter, Installer installer,
                   const InstallerVariables& variables, system::ProcessRunner& processes, Reporter& report,
                   InstallerCache cache) {
  if (missing.empty()) return;
  const system::TempDirectory directory(std::filesystem::temp_directory_path());
  const std::filesystem::path constraints = directory.path() / "constraints.txt";
  system::write_file_atomically(constraints, constraints_for(installed), system::Durability::ordinary);
  system::Command command;
  for (const auto& [name, value] : variables) command.environment[name] = value;
  command.arguments = command_line(installer, interpreter, constraints);
  if (cache == InstallerCache::unused)
    command.arguments.emplace_back(installer == Installer::uv ? "--no-cache" : "--no-cache-dir");
  command.arguments.insert(command.arguments.end(), missing.begin(), missing.end());
  const Activity installing(report, "Installing what is required and missing");
  const system::ProcessResult result = processes.run(command);
  if (result.succeeded()) return;
  const std::string said = last_lines(result.error.empty() ? result.output : result.error);
  throw Error(ErrorKind::unreachable, text("the requirements could not be installed: {}", said),
              {"install them yourself and run wheelfit again"})
      .with_code("dependencies");
}

}  // namespace wheelfit::install
