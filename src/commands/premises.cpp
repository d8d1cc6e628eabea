// SPDX-License-Identifier: Apache-2.0
#include "commands/premises.hpp"

#include "base/error.hpp"

namespace wheelfit::commands {

namespace {

// Which build of it is right is the whole question; no installer gets to guess it.
const std::set<std::string> never_brought{"torch"};

python::MarkerEnvironment markers(const probe::Environment& environment) {
  const auto& version = environment.interpreter.version;
  const auto& platform = environment.interpreter.platform;
  const std::string machine = platform ? platform->substr(platform->find('_') + 1) : "x86_64";
  return python::linux_marker_environment(version ? version->to_string() : "", machine);
}

}  // namespace

install::Premises premises_of(const probe::Environment& environment) {
  install::Premises premises{markers(environment), {}, never_brought};
  for (const probe::InstalledDistribution& distribution : environment.interpreter.distributions)
    premises.installed.emplace(distribution.name, distribution.version);
  if (environment.torch.version) premises.installed.emplace("torch", environment.torch.version->to_string());
  return premises;
}

void refuse_conflicts(const std::vector<install::DependencyConflict>& conflicts) {
  if (conflicts.empty()) return;
  const install::DependencyConflict& conflict = conflicts.front();
  throw Error(ErrorKind::refused, conflict.reason,
              {text("wheelfit moves nothing that is installed; change {} yourself if you want this wheel",
                    conflict.name)})
      .with_code("dependency");
}

}  // namespace wheelfit::commands
