// SPDX-License-Identifier: Apache-2.0
#include "commands/conda_install.hpp"

#include <algorithm>

#include <fmt/ranges.h>

#include "base/activity.hpp"
#include "base/error.hpp"
#include "commands/conda_network.hpp"
#include "commands/environment_step.hpp"
#include "commands/proof_step.hpp"
#include "system/files.hpp"
#include "system/percent.hpp"
#include "system/sha256.hpp"
#include "system/temp_directory.hpp"
#include "system/url.hpp"

namespace wheelfit::commands {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::hours longest{2};  // a solver, and some gigabytes

std::string package_name(const Decided& decided) {
  return decided.conda ? decided.conda->package.file_name
                       : decided.decision.chosen->judgement.candidate->name;
}

// What the program says that went wrong stands at its end.
std::string last_words(std::string_view said) {
  const std::size_t end = said.find_last_not_of(" \n\r\t");
  if (end == std::string_view::npos) return "it said nothing";
  said = said.substr(0, end + 1);
  return std::string(said.substr(said.rfind('\n') + 1));
}

std::string names_of(const std::vector<CondaInstalled>& packages) {
  std::vector<std::string> names;
  for (const CondaInstalled& each : packages)
    names.push_back(each.name + " " + each.version + " " + each.build);
  return names.empty() ? "none" : fmt::to_string(fmt::join(names, ", "));
}

struct Change {
  const CondaProgram& program;
  const Decided& decided;
  const probe::Environment& environment;
  const Settings& settings;
  system::World& world;
  Reporter& report;

  const fs::path& prefix() const { return *environment.interpreter.prefix; }
};

std::vector<std::string> command_of(const Change& change, const fs::path& list,
                                    const std::vector<CondaInstalled>& fixed) {
  if (!change.decided.conda) {
    return install_command(change.program, change.prefix(),
                           *change.decided.decision.chosen->judgement.candidate->conda, fixed);
  }
  return install_file_command(change.program, change.prefix(), list);
}

void run(const Change& change, const std::vector<std::string>& arguments) {
  system::Command command;
  command.arguments = arguments;
  command.timeout = longest;
  if (change.settings.network.offline)
    for (const char* variable : {"CONDA_OFFLINE", "MAMBA_OFFLINE"}) command.environment[variable] = "true";
  const auto told = network_variables(http_settings(change.settings, change.environment, change.world));
  for (const auto& [variable, value] : told) command.environment[variable] = value;
  const Activity running(change.report, text("{} changes the environment", change.program.name),
                         std::nullopt);
  const system::ProcessResult result = change.world.processes.run(command);
  if (result.succeeded()) return;
  throw Error(
      ErrorKind::refused,
      text("{} could not install {}: {}", change.program.name, package_name(change.decided),
           last_words(without_credentials(result.error.empty() ? result.output : result.error, told))),
      {text("the line that was run: {}", system::redacted(fmt::to_string(fmt::join(arguments, " "))))})
      .with_code("conda");
}

void require_unmoved(const Change& change, const std::vector<CondaInstalled>& before,
                     const probe::Environment& now) {
  const std::vector<CondaInstalled> after = fixed_packages(change.prefix());
  const auto& torch = change.environment.torch.version;
  if (after == before && torch.value == now.torch.version.value) return;
  throw Error(ErrorKind::refused,
              text("{} moved Python or torch although it was told not to: there was {}, there is {}",
                   change.program.name, names_of(before), names_of(after)),
              {text("{} list -p {} --revisions shows the way back, where it keeps one", change.program.name,
                    change.prefix().string())})
      .with_code("torch-moved");
}

// Into a file that names the package alone, and so moves nothing else.
fs::path write_list(const Decided& decided, const fs::path& folder) {
  const fs::path list = folder / "explicit.txt";
  if (decided.conda) {
    system::write_file_atomically(list,
                                  "@EXPLICIT\n" + system::file_address(decided.conda->package.path) + "\n",
                                  system::Durability::ordinary);
  }
  return list;
}

void prove_or_remove(const Change& change, const probe::InstalledDistribution& distribution,
                     const probe::Environment& now, const catalog::Knowledge& knowledge, Placed& placed) {
  const catalog::Recipe* recipe = knowledge.find(change.decided.decision.package);
  placed.report = prove(distribution.name, distribution.version, distribution.metadata_path, recipe,
                        knowledge, now, change.settings, change.world, change.report);
  placed.code = exit_code_of(*placed.report, recipe, change.settings.proof.required);
  placed.receipt = with_proofs(placed.receipt, *placed.report, change.world.clock);
  if (!placed.report->failed || change.settings.proof.keep_on_failure) return;
  const auto& candidate = *change.decided.decision.chosen->judgement.candidate;
  run(change, remove_command(change.program, change.prefix(),
                             candidate.conda ? candidate.conda->name : change.decided.decision.package));
  placed.outcome = render::InstallOutcome::rolled_back;
}

}  // namespace

bool takes_conda(const Decided& decided) {
  return decided.decision.chosen && decided.decision.chosen->kind == resolve::Rung::conda;
}

std::optional<CondaProgram> program_for(const Decided& decided, const probe::Environment& environment,
                                        const system::World& world) {
  if (!takes_conda(decided)) return std::nullopt;
  auto program = conda_program(environment, world);
  if (program && decided.conda && install_file_command(*program, {}, {}).empty()) return std::nullopt;
  return program;
}

std::string conda_line(const CondaProgram& program, const Decided& decided,
                       const probe::Environment& environment) {
  const fs::path& prefix = *environment.interpreter.prefix;
  const auto command =
      decided.conda ? install_file_command(program, prefix, "explicit.txt")
                    : install_command(program, prefix, *decided.decision.chosen->judgement.candidate->conda,
                                      fixed_packages(prefix));
  return system::redacted(fmt::to_string(fmt::join(command, " ")));
}

Placed install_through(const CondaProgram& program, const Decided& decided,
                       const probe::Environment& environment, const catalog::Knowledge& knowledge,
                       const Settings& settings, system::World& world, Reporter& report) {
  const Change change{program, decided, environment, settings, world, report};
  const system::TempDirectory folder(system::temporary_files(world.variables));
  const std::vector<CondaInstalled> fixed = fixed_packages(change.prefix());
  run(change, command_of(change, write_list(decided, folder.path()), fixed));
  const probe::Environment now = read_environment(settings, world);
  require_unmoved(change, fixed, now);
  const probe::InstalledDistribution* distribution = now.interpreter.find(decided.decision.package);
  if (distribution == nullptr) {
    throw Error(ErrorKind::refused, text("{} says that it installed {}, and the environment has no {}",
                                         program.name, package_name(decided), decided.decision.package))
        .with_code("conda");
  }
  Placed placed = planned_only(decided, environment);
  placed.outcome = render::InstallOutcome::installed;
  placed.receipt.version = distribution->version;
  placed.receipt.installed_at = timestamp(world.clock);
  // conda's own list says what is whose: a file of ours beside it would stay behind when conda removes it.
  if (settings.proof.verify) prove_or_remove(change, *distribution, now, knowledge, placed);
  return placed;
}

Obtained obtain_package(const Decided& decided, const probe::Environment& environment,
                        const catalog::Knowledge& knowledge, const fetch::Store& store,
                        const Settings& settings, system::World& world, system::HttpClient* http,
                        Reporter& report) {
  const resolve::Judgement& judgement = decided.decision.chosen->judgement;
  const catalog::Candidate& candidate = *judgement.candidate;
  const fetch::FetchedFile file =
      obtain_candidate(candidate, decided.catalog, store, settings, world, http, report);
  const CondaPackage package{file.path, candidate.name, file.sha256};
  const fs::path wheel = wheel_of(package, environment, knowledge, store.directory, report);
  Obtained obtained;
  obtained.judgement = judgement;
  obtained.made_of = package;
  obtained.file.path = wheel;
  obtained.file.sha256 = system::to_hex(system::sha256_of_file(wheel));
  obtained.file.size = fs::file_size(wheel);
  obtained.artifact.file_name = wheel.filename().string();
  obtained.artifact.sha256 = obtained.file.sha256;
  obtained.artifact.size = obtained.file.size;
  return obtained;
}

}  // namespace wheelfit::commands
