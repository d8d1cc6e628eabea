// SPDX-License-Identifier: Apache-2.0
#include "verify/verify.hpp"
#include "base/error.hpp"
#include "commands/environment_step.hpp"
#include "commands/proof_step.hpp"
#include "commands/verbs.hpp"
#include "python/package_name.hpp"
#include "render/outcome.hpp"

#include <nlohmann/json.hpp>

namespace wheelfit::commands {

namespace {

const probe::InstalledDistribution& installed(const probe::Environment& environment,
                                              const std::string& name) {
  const probe::InstalledDistribution* distribution =
      environment.interpreter.find(python::normalized_name(name));
  if (distribution != nullptr) return *distribution;
  throw Error(ErrorKind::refused,
              text("{} is not installed in {}", name, environment.interpreter.executable->string()),
              {text("wheelfit install {}", name)})
      .with_code("not-installed");
}

// A proof holds whether or not it can be written down: the environment may be read-only.
void keep(const install::Receipt& receipt, const std::filesystem::path& dist_info, Reporter& report) {
  try {
    install::write_receipt(dist_info, receipt);
  } catch (const Error& error) {
    report.note(text("the receipt could not be brought up to date: {}", error.sentence().english()));
  }
}

}  // namespace

ExitCode verify(const std::vector<std::string>& names, const Settings& settings, system::World& world,
                Console& console) {
  const catalog::Knowledge knowledge = catalog::load_knowledge(settings.sources.data_directory);
  const probe::Environment environment = read_environment(settings, world);
  ExitCode worst = ExitCode::done;
  Results results(console);
  for (const std::string& name : names) {
    const probe::InstalledDistribution& distribution = installed(environment, name);
    const catalog::Recipe* recipe = knowledge.find(distribution.name);
    const verify::Report report = prove(distribution.name, distribution.version, distribution.metadata_path,
                                        recipe, knowledge, environment, settings, world, console.report);
    std::optional<install::Receipt> receipt = install::read_receipt(distribution.metadata_path);
    if (receipt) {
      receipt = with_proofs(*receipt, report, world.clock);
      keep(*receipt, distribution.metadata_path, console.report);
    }
    const install::Receipt* shown = receipt ? &*receipt : nullptr;
    results.add([&] { return render::verify_text(report, shown, console.style); },
                [&] { return render::verify_json(report, shown); });
    worst = std::max(worst, exit_code_of(report, recipe, settings.proof.required));
  }
  results.end();
  return worst;
}

}  // namespace wheelfit::commands
