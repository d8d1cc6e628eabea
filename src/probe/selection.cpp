// SPDX-License-Identifier: Apache-2.0
#include "probe/selection.hpp"

#include "base/error.hpp"
#include "probe/pyenv.hpp"
#include "probe/text_scan.hpp"

namespace wheelfit::probe {
namespace {

class Selector {
 public:
  Selector(const SelectionRequest& request, const system::EnvironmentVariables& variables,
           const RootedFiles& files)
      : request_(request), variables_(variables), files_(files) {}

  Selection named(const std::filesystem::path& python) const {
    const bool bare_name = python.native().find('/') == std::string::npos;
    const std::filesystem::path path = files_.named(absolute_path(python, request_.current_directory));
    if (directory_exists(path)) {
      if (const auto found = interpreter_in(path)) return {*found, "--python"};
      throw Error(ErrorKind::usage, text("{} holds no Python interpreter", python.string()),
                  {text("--python takes an interpreter (env/bin/python) or an environment's directory")});
    }
    if (is_file_behind(path)) return {interpreter_of(path, python), "--python"};
    if (bare_name) {
      if (const auto found = on_path(python)) return {*found, "--python"};
      throw Error(ErrorKind::usage, text("there is no {} on PATH", python.string()));
    }
    throw Error(ErrorKind::usage, text("there is no interpreter {}", python.string()),
                {text("--python takes an interpreter (env/bin/python) or an environment's directory")});
  }

  std::optional<Selection> by_variable(const char* name) const {
    const auto value = variables_.get_nonempty(name);
    if (!value) return std::nullopt;
    const auto found = interpreter_in(files_.named(absolute_path(*value, request_.current_directory)));
    return found ? std::optional(Selection{*found, name}) : std::nullopt;
  }

  std::optional<Selection> in_current_directory() const {
    const auto found = interpreter_in(request_.current_directory / ".venv");
    return found ? std::optional(Selection{*found, ".venv"}) : std::nullopt;
  }

  std::optional<std::filesystem::path> on_path(const std::filesystem::path& name) const {
    const std::string path = variables_.get_nonempty("PATH").value_or("/usr/local/bin:/usr/bin:/bin");
    for (const std::string_view directory : split(path, ":")) {
      const auto at = files_.machine(absolute_path(directory, request_.current_directory)) / name;
      if (!is_file_behind(at)) continue;
      if (!is_script(at)) return at;
      if (!is_pyenv_shim(at)) continue;
      if (auto chosen = pyenv_choice(at, request_.current_directory, variables_)) return chosen;
    }
    return std::nullopt;
  }

 private:
  bool is_file_behind(const std::filesystem::path& path) const {
    const auto real = files_.followed(path);
    return real && file_exists(*real);
  }

  bool is_script(const std::filesystem::path& path) const {
    const auto real = files_.followed(path);
    return real && read_file(*real, 2) == "#!";
  }

  std::filesystem::path interpreter_of(const std::filesystem::path& file,
                                       const std::filesystem::path& named) const {
    if (!is_script(file)) return file;
    if (is_pyenv_shim(file)) {
      if (auto chosen = pyenv_choice(file, request_.current_directory, variables_)) return *chosen;
    }
    throw Error(ErrorKind::usage, text("{} is a script, not a Python interpreter", named.string()),
                {text("Name the interpreter that it starts, or its environment's directory")});
  }

  const SelectionRequest& request_;
  const system::EnvironmentVariables& variables_;
  const RootedFiles& files_;
};

}  // namespace

std::optional<std::filesystem::path> interpreter_in(const std::filesystem::path& directory) {
  const std::filesystem::path bin = directory / "bin";
  std::error_code error;
  // A link whose target is gone still says which interpreter was meant: the environment is reported as
  // broken.
  const auto is_there = [&error](const std::filesystem::path& path) {
    return file_exists(path) || std::filesystem::is_symlink(path, error);
  };
  for (const char* name : {"python", "python3", "pypy3"}) {
    if (is_there(bin / name)) return bin / name;
  }
  for (const std::string& name : names_in(bin)) {
    if (name.starts_with("python3.") && name.find('-') == std::string::npos) return bin / name;
  }
  return std::nullopt;
}

Selection select_environment(const SelectionRequest& request, const system::EnvironmentVariables& variables,
                             const RootedFiles& files) {
  const Selector selector(request, variables, files);
  if (request.python) return selector.named(*request.python);
  for (const char* variable : {"VIRTUAL_ENV", "CONDA_PREFIX"}) {
    if (const auto selection = selector.by_variable(variable)) return *selection;
  }
  if (const auto selection = selector.in_current_directory()) return *selection;
  for (const char* name : {"python3", "python"}) {
    if (const auto found = selector.on_path(name)) return {*found, "PATH"};
  }
  throw Error(ErrorKind::refused, text("no Python environment was found"),
              {text("Name one with --python PATH"), text("Make one with: python3 -m venv .venv"),
               text("Plan for another machine with --target")});
}

}  // namespace wheelfit::probe
