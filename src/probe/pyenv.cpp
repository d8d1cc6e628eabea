// SPDX-License-Identifier: Apache-2.0
#include "probe/pyenv.hpp"

#include "probe/text_scan.hpp"

namespace wheelfit::probe {
namespace {

// The versions asked for, best first: PYENV_VERSION, the nearest .python-version, the global file.
std::vector<std::string> versions_asked_for(const std::filesystem::path& pyenv_root,
                                            const std::filesystem::path& current_directory,
                                            const system::EnvironmentVariables& variables) {
  std::vector<std::string> versions;
  const auto take = [&versions](std::string_view text, std::string_view separators) {
    for (const std::string_view version : split(text, separators)) versions.emplace_back(version);
  };
  if (const auto set = variables.get_nonempty("PYENV_VERSION")) {
    take(*set, ":");
    return versions;
  }
  std::optional<std::string> text;
  for (auto directory = current_directory; !text && !directory.empty(); directory = directory.parent_path()) {
    text = read_file(directory / ".python-version");
    if (!directory.has_relative_path()) break;
  }
  if (!text) text = read_file(pyenv_root / "version").value_or("");
  for (const std::string_view line : lines_of(*text)) {
    if (!line.starts_with('#')) take(line, blanks);
  }
  return versions;
}

// "3.11" means the newest 3.11.x that is installed.
std::optional<std::filesystem::path> installed(const std::filesystem::path& versions, std::string_view asked,
                                               const std::filesystem::path& name) {
  if (asked.starts_with("python-")) asked.remove_prefix(7);
  if (const auto exact = versions / asked / "bin" / name; file_exists(exact)) return exact;
  std::optional<std::pair<python::Version, std::filesystem::path>> newest;
  for (const std::string& directory : names_in(versions)) {
    const auto version = python::Version::parse(directory);
    if (!version || !directory.starts_with(std::string(asked) + ".")) continue;
    const std::filesystem::path found = versions / directory / "bin" / name;
    if (file_exists(found) && (!newest || newest->first < *version)) newest = {*version, found};
  }
  return newest ? std::optional(newest->second) : std::nullopt;
}

}  // namespace

bool is_pyenv_shim(const std::filesystem::path& executable) {
  const std::filesystem::path directory = executable.parent_path();
  return directory.filename() == "shims" && directory_exists(directory.parent_path() / "versions");
}

std::optional<std::filesystem::path> pyenv_choice(const std::filesystem::path& shim,
                                                  const std::filesystem::path& current_directory,
                                                  const system::EnvironmentVariables& variables) {
  const std::filesystem::path root = shim.parent_path().parent_path();
  for (const std::string& asked : versions_asked_for(root, current_directory, variables)) {
    if (asked == "system") return std::nullopt;
    if (auto found = installed(root / "versions", asked, shim.filename())) return found;
  }
  return std::nullopt;
}

}  // namespace wheelfit::probe
