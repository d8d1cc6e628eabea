// SPDX-License-Identifier: Apache-2.0
#include "commands/environment_step.hpp"
#include "commands/verbs.hpp"
#include "python/package_name.hpp"
#include "render/outcome.hpp"

#include <nlohmann/json.hpp>

namespace wheelfit::commands {

namespace {

render::RemovedDistribution described(const probe::InstalledDistribution& distribution) {
  render::RemovedDistribution removed{distribution.name, distribution.version, 0, std::nullopt};
  if (const auto receipt = install::read_receipt(distribution.metadata_path)) {
    removed.files = receipt->files;
    removed.bytes = receipt->installed_bytes;
  }
  return removed;
}

}  // namespace

ExitCode uninstall(const std::vector<std::string>& names, const Settings& settings, system::World& world,
                   Console& console) {
  const probe::Environment environment = read_environment(settings, world);
  const install::Destination destination = writable_destination(environment, settings, console.report);
  render::UninstallView view;
  std::vector<std::filesystem::path> dist_infos;
  ExitCode code = ExitCode::done;
  for (const std::string& name : names) {
    view.asked_for += (view.asked_for.empty() ? "" : " ") + name;
    const auto* distribution = environment.interpreter.find(python::normalized_name(name));
    if (distribution == nullptr) {
      console.report.warning(text("{} is not installed here", name));
      code = ExitCode::unproven;
      continue;
    }
    view.distributions.push_back(described(*distribution));
    dist_infos.push_back(distribution->metadata_path);
  }
  if (settings.dry_run) {
    view.outcome = render::UninstallOutcome::dry_run;
  } else if (!dist_infos.empty()) {
    install::remove_distributions(dist_infos, destination, console.report).commit();
  }
  console.show([&] { return render::uninstall_text(view, console.style); },
               [&] { return render::uninstall_json(view); });
  return code;
}

}  // namespace wheelfit::commands
