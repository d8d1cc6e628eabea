// SPDX-License-Identifier: Apache-2.0
#include "commands/flags.hpp"

namespace wheelfit::commands {

std::vector<std::string> flags_to_repeat(const Settings& settings) {
  std::vector<std::string> flags;
  const auto add = [&flags](const char* name, const std::string& value) {
    flags.insert(flags.end(), {name, value});
  };
  if (settings.environment.python) add("--python", settings.environment.python->string());
  if (settings.environment.target) add("--target", *settings.environment.target);
  for (const std::string& override_ : settings.environment.overrides) add("--set", override_);
  if (settings.sources.only) add("--source", *settings.sources.only);
  if (settings.sources.data_directory) add("--data-dir", settings.sources.data_directory->string());
  if (settings.store.directory) add("--store", settings.store.directory->string());
  return flags;
}

}  // namespace wheelfit::commands
