// SPDX-License-Identifier: Apache-2.0
#include "probe/pip_options.hpp"

#include <array>

#include "probe/pip_config_file.hpp"
#include "probe/site_directories.hpp"
#include "probe/text_scan.hpp"

namespace wheelfit::probe {
namespace {

constexpr std::string_view variable_prefix = "PIP_";
constexpr std::string_view variable_section = ":env:";

}  // namespace

std::vector<std::filesystem::path> pip_config_files(const std::optional<std::filesystem::path>& prefix,
                                                    const system::EnvironmentVariables& variables,
                                                    const RootedFiles& files) {
  const auto named = variables.get("PIP_CONFIG_FILE");
  if (named == "/dev/null") return {};
  std::vector<std::filesystem::path> list;
  const std::string directories = variables.get_nonempty("XDG_CONFIG_DIRS").value_or("/etc/xdg");
  for (const std::string_view directory : split(directories, ":")) {
    list.push_back(files.machine(std::filesystem::path(directory)) / "pip/pip.conf");
  }
  list.push_back(files.machine("/etc/pip.conf"));
  const auto named_file = named && !named->empty()
                              ? std::optional(files.environment(with_home(*named, variables)))
                              : std::nullopt;
  const auto home = variables.get_nonempty("HOME");
  if (!named_file || !path_exists(*named_file)) {
    if (home) list.push_back(files.environment(std::filesystem::path(*home)) / ".pip/pip.conf");
    const auto config = variables.get_nonempty("XDG_CONFIG_HOME");
    if (config || home) {
      const std::filesystem::path directory =
          config ? std::filesystem::path(*config) : std::filesystem::path(*home) / ".config";
      list.push_back(files.environment(directory) / "pip/pip.conf");
    }
  }
  if (prefix) list.push_back(*prefix / "pip.conf");
  if (named_file) list.push_back(*named_file);
  return list;
}

PipOptions PipOptions::load(const std::optional<std::filesystem::path>& prefix,
                            const system::EnvironmentVariables& variables, const RootedFiles& files) {
  PipOptions options;
  for (const std::filesystem::path& file : pip_config_files(prefix, variables, files)) {
    for (auto& [key, value] : parse_pip_config(read_file(file).value_or(""))) {
      options.values_[key] = {value, file.string()};
    }
  }
  for (const auto& [name, value] : variables.all()) {
    if (!name.starts_with(variable_prefix)) continue;
    const std::string option = pip_option_name(std::string_view(name).substr(variable_prefix.size()));
    options.values_[std::string(variable_section) + "." + option] = {value, name};
  }
  return options;
}

Fact<std::string> PipOptions::get(std::string_view option) const {
  for (const std::string_view section :
       std::array<std::string_view, 3>{variable_section, "install", "global"}) {
    const auto found = values_.find(std::string(section) + "." + std::string(option));
    if (found != values_.end() && !found->second.text.empty())
      return {found->second.text, found->second.source};
  }
  return {};
}

std::vector<Fact<std::string>> PipOptions::get_all(std::string_view option) const {
  std::vector<Fact<std::string>> all;
  const Fact<std::string> value = get(option);
  if (!value.known()) return all;
  for (const std::string_view word : words_of(*value)) all.emplace_back(std::string(word), value.source);
  return all;
}

std::vector<Fact<std::string>> PipOptions::get_each(std::string_view option) const {
  std::vector<Fact<std::string>> each;
  for (const std::string_view section :
       std::array<std::string_view, 3>{"global", "install", variable_section}) {
    const auto found = values_.find(std::string(section) + "." + std::string(option));
    if (found != values_.end() && !found->second.text.empty())
      each.emplace_back(found->second.text, found->second.source);
  }
  return each;
}

Fact<bool> PipOptions::get_flag(std::string_view option) const {
  const Fact<std::string> value = get(option);
  if (!value.known()) return {};
  const std::string word = lower_case(*value);
  for (const std::string_view yes : {"y", "yes", "t", "true", "on", "1"}) {
    if (word == yes) return {true, value.source};
  }
  for (const std::string_view no : {"n", "no", "f", "false", "off", "0"}) {
    if (word == no) return {false, value.source};
  }
  return {};
}

}  // namespace wheelfit::probe
