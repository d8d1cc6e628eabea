// SPDX-License-Identifier: Apache-2.0
#include "commands/conda_program.hpp"

#include <algorithm>
#include <array>

#include "conda/unpacked_package.hpp"
#include "system/files.hpp"

namespace wheelfit::commands {

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 4> fixed_names{"libtorch", "python", "python_abi", "pytorch"};
constexpr std::string_view pixi_environments = "/.pixi/envs/";

std::optional<CondaProgram> at(const fs::path& path, const std::vector<std::string>& names) {
  const std::string name = path.filename().string();
  if (std::ranges::find(names, name) == names.end() || !system::is_executable_file(path)) return std::nullopt;
  return CondaProgram{name, path};
}

std::optional<CondaProgram> in(const fs::path& folder, const std::vector<std::string>& names) {
  for (const std::string& name : names)
    if (auto program = at(folder / name, names)) return program;
  return std::nullopt;
}

std::optional<CondaProgram> on_path(const system::World& world, const std::vector<std::string>& names) {
  std::string path = world.variables.get_nonempty("PATH").value_or("");
  for (const std::string& name : names) {
    std::string_view rest = path;
    while (!rest.empty()) {
      const std::string_view folder = rest.substr(0, rest.find(':'));
      rest.remove_prefix(std::min(folder.size() + 1, rest.size()));
      if (folder.empty()) continue;
      if (auto program = at(fs::path(folder) / name, names)) return program;
    }
  }
  return std::nullopt;
}

std::optional<CondaProgram> named_by(const char* variable, const system::World& world,
                                     const std::vector<std::string>& names) {
  const auto value = world.variables.get_nonempty(variable);
  return value ? at(*value, names) : std::nullopt;
}

std::optional<CondaProgram> pixi(const system::World& world) {
  const std::vector<std::string> names{"pixi"};
  if (auto program = named_by("PIXI_EXE", world, names)) return program;
  if (auto program = on_path(world, names)) return program;
  const auto home = world.variables.get_nonempty("HOME");
  return home ? in(fs::path(*home) / ".pixi" / "bin", names) : std::nullopt;
}

std::optional<CondaProgram> conda(const fs::path& prefix, const system::World& world) {
  const std::vector<std::string> names{"mamba", "micromamba", "conda"};
  std::vector<fs::path> roots{prefix};
  if (prefix.parent_path().filename() == "envs") roots.push_back(prefix.parent_path().parent_path());
  for (const fs::path& root : roots)
    for (const char* folder : {"condabin", "bin"})
      if (auto program = in(root / folder, names)) return program;
  for (const char* variable : {"MAMBA_EXE", "CONDA_EXE"})
    if (auto program = named_by(variable, world, names)) return program;
  return on_path(world, names);
}

// The project of PROJECT/.pixi/envs/default is PROJECT. Other environments are put together of features, and
// which one a package belongs to is not ours to say.
std::optional<fs::path> pixi_project(const fs::path& prefix) {
  const std::string text = prefix.string();
  const std::size_t at = text.find(pixi_environments);
  if (at == std::string::npos || prefix.filename() != "default") return std::nullopt;
  for (const char* manifest : {"pixi.toml", "pyproject.toml"}) {
    const fs::path file = fs::path(text.substr(0, at)) / manifest;
    if (fs::is_regular_file(file)) return file;
  }
  return std::nullopt;
}

std::string spec(const std::string& name, const std::string& version, const std::string& build) {
  return name + "=" + version + "=" + build;
}

}  // namespace

std::optional<CondaProgram> conda_program(const probe::Environment& environment, const system::World& world) {
  const probe::Interpreter& interpreter = environment.interpreter;
  if (environment.described_only() || !interpreter.kind || *interpreter.kind != "conda" ||
      !interpreter.prefix)
    return std::nullopt;
  const fs::path& prefix = *interpreter.prefix;
  if (prefix.string().find(pixi_environments) != std::string::npos)
    return pixi_project(prefix) ? pixi(world) : std::nullopt;
  return conda(prefix, world);
}

std::vector<CondaInstalled> fixed_packages(const fs::path& prefix) {
  std::vector<CondaInstalled> fixed;
  std::error_code none;
  for (const fs::directory_entry& entry : fs::directory_iterator(prefix / "conda-meta", none)) {
    if (entry.path().extension() != ".json") continue;
    const auto package = conda::parse_package_name(entry.path().stem().string() + ".conda");
    if (!package || std::ranges::find(fixed_names, package->name) == fixed_names.end()) continue;
    fixed.push_back({package->name, package->version, package->build});
  }
  std::ranges::sort(fixed, {}, &CondaInstalled::name);
  return fixed;
}

std::vector<std::string> install_command(const CondaProgram& program, const fs::path& prefix,
                                         const catalog::CondaBuild& build,
                                         const std::vector<CondaInstalled>& fixed) {
  const std::string wanted = spec(build.name, build.version, build.build);
  // The manifest is the user's: what holds the rest in its place there is its lock file.
  if (program.name == "pixi")
    return {program.path.string(), "add", "--manifest-path", pixi_project(prefix).value_or("").string(),
            wanted};
  std::vector<std::string> command{
      program.path.string(), "install", "-p",          prefix.string(), "-y", "--freeze-installed",
      "--override-channels", "-c",      build.channel, wanted};
  for (const CondaInstalled& package : fixed)
    command.push_back(spec(package.name, package.version, package.build));
  return command;
}

std::vector<std::string> install_file_command(const CondaProgram& program, const fs::path& prefix,
                                              const fs::path& explicit_list) {
  if (program.name == "pixi") return {};
  return {program.path.string(), "install", "-p", prefix.string(), "-y", "--offline", "--file",
          explicit_list.string()};
}

std::vector<std::string> remove_command(const CondaProgram& program, const fs::path& prefix,
                                        const std::string& package) {
  if (program.name == "pixi")
    return {program.path.string(), "remove", "--manifest-path", pixi_project(prefix).value_or("").string(),
            package};
  return {program.path.string(), "remove", "-p", prefix.string(), "-y", "--force", package};
}

}  // namespace wheelfit::commands
