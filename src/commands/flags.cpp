// SPDX-License-Identifier: Apache-2.0
#include "commands/flags.hpp"

#include "commands/conda_install.hpp"
#include "system/url.hpp"

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

std::vector<std::string> flags_to_repeat(const Settings& settings, const Decided& decided) {
  std::vector<std::string> flags = flags_to_repeat(settings);
  const auto& channel = settings.network.conda_channel;
  if (!channel || decided.conda || !takes_conda(decided)) return flags;
  const bool secret = system::redacted(*channel) != *channel || channel->find("/t/") != std::string::npos;
  if (!secret) flags.insert(flags.end(), {"--conda-channel", *channel});
  return flags;
}

}  // namespace wheelfit::commands
