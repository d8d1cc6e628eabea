// SPDX-License-Identifier: Apache-2.0
#include "cli/settings_file.hpp"

#include <cctype>
#include <sstream>

#include <toml++/toml.h>

#include "base/error.hpp"

namespace wheelfit::cli {

namespace {

std::string as_text(const toml::node& node, const std::string& option, const std::filesystem::path& file) {
  if (const auto* string = node.as_string()) return string->get();
  if (const auto* integer = node.as_integer()) return std::to_string(integer->get());
  if (const auto* boolean = node.as_boolean()) return boolean->get() ? "true" : "false";
  throw Error(ErrorKind::usage,
              text("{}: the value of {} must be a string, a number, true or false", file.string(), option));
}

}  // namespace

std::optional<std::filesystem::path> settings_file(const system::EnvironmentVariables& variables) {
  if (const auto named = variables.get_nonempty("WHEELFIT_CONFIG")) {
    if (!std::filesystem::is_regular_file(*named)) {
      throw Error(ErrorKind::usage, text("WHEELFIT_CONFIG names {}, which is no file", *named));
    }
    return *named;
  }
  std::filesystem::path folder;
  if (const auto config = variables.get_nonempty("XDG_CONFIG_HOME"))
    folder = *config;
  else if (const auto home = variables.get_nonempty("HOME"))
    folder = std::filesystem::path(*home) / ".config";
  else
    return std::nullopt;
  const std::filesystem::path file = folder / "wheelfit" / "config.toml";
  if (!std::filesystem::is_regular_file(file)) return std::nullopt;
  return file;
}

OptionValues read_settings_file(const system::EnvironmentVariables& variables) {
  const auto file = settings_file(variables);
  if (!file) return {};
  OptionValues values;
  try {
    const toml::table table = toml::parse_file(file->string());
    for (const auto& [key, node] : table) {
      const std::string option(key.str());
      if (const toml::array* list = node.as_array()) {
        for (const toml::node& item : *list) values[option].push_back(as_text(item, option, *file));
      } else {
        values[option].push_back(as_text(node, option, *file));
      }
    }
  } catch (const toml::parse_error& error) {
    throw Error(ErrorKind::usage, text("{}:{}:{}: {}", file->string(), error.source().begin.line,
                                       error.source().begin.column, std::string(error.description())));
  }
  return values;
}

std::string variable_for(std::string_view option) {
  std::string name = "WHEELFIT_";
  for (const char character : option) {
    name += character == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(character)));
  }
  return name;
}

std::optional<std::vector<std::string>> fallback_values(std::string_view option, bool repeatable,
                                                        const system::EnvironmentVariables& variables,
                                                        const OptionValues& file) {
  if (const auto value = variables.get_nonempty(variable_for(option))) {
    if (!repeatable) return std::vector<std::string>{*value};
    std::vector<std::string> values;
    std::istringstream words(*value);
    for (std::string word; words >> word;) values.push_back(word);
    return values;
  }
  const auto found = file.find(option);
  if (found == file.end()) return std::nullopt;
  return found->second;
}

}  // namespace wheelfit::cli
