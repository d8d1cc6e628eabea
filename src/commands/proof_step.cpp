// SPDX-License-Identifier: Apache-2.0
#include "commands/proof_step.hpp"

#include <algorithm>
#include <ctime>

#include <fmt/chrono.h>

#include "verify/verify.hpp"

namespace wheelfit::commands {

namespace {

void put(install::Receipt& receipt, install::ProofRecord proof) {
  std::erase_if(receipt.proofs, [&proof](const install::ProofRecord& old) { return old.kind == proof.kind; });
  receipt.proofs.push_back(std::move(proof));
}

std::string first_failure(const verify::Report& report) {
  for (const verify::Check& check : report.checks) {
    if (check.result == verify::CheckResult::failed) return check.name + ": " + check.detail.english();
  }
  return {};
}

bool record_holds(const verify::Report& report) {
  return std::none_of(report.checks.begin(), report.checks.end(), [](const verify::Check& check) {
    return check.name == "record" && check.result == verify::CheckResult::failed;
  });
}

}  // namespace

std::string timestamp(system::Clock& clock) {
  const std::time_t now = std::chrono::system_clock::to_time_t(clock.now());
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(now));
}

verify::Report prove(const std::string& distribution, const std::string& version,
                     const std::filesystem::path& dist_info, const catalog::Recipe* recipe,
                     const catalog::Knowledge& knowledge, const probe::Environment& environment,
                     const Settings& settings, system::ProcessRunner& processes, Reporter& report) {
  verify::VerifyRequest request;
  request.interpreter = *environment.interpreter.executable;
  request.dist_info = dist_info;
  request.distribution = distribution;
  request.version = version;
  request.needs_torch = recipe != nullptr && recipe->needs_torch;
  request.timeout = settings.proof.timeout;
  request.use_gpu = settings.proof.required == Proof::gpu;
  if (recipe != nullptr) {
    request.imports = recipe->verification.imports;
    request.module = recipe->verification.distribution_module;
    request.forward_only = recipe->verification.forward_only;
    if (!recipe->verification.kind.empty()) {
      request.script = knowledge.file("verify/" + recipe->verification.kind + ".py");
    }
  }
  return verify::verify(request, processes, report);
}

ExitCode exit_code_of(const verify::Report& report, const catalog::Recipe* recipe, Proof required) {
  if (report.failed) return ExitCode::refused;
  const bool has_gpu_proof = recipe != nullptr && !recipe->verification.kind.empty();
  const bool far_enough = required == Proof::gpu && has_gpu_proof ? report.computed : report.imported;
  return far_enough ? ExitCode::done : ExitCode::unproven;
}

install::Receipt with_proofs(install::Receipt receipt, const verify::Report& report, system::Clock& clock) {
  const std::string now = timestamp(clock);
  put(receipt, {"record", record_holds(report), "", now});
  if (report.imported || report.failed) {
    put(receipt, {"import", report.imported, report.imported ? "" : first_failure(report), now});
  }
  if (report.computed || (report.imported && report.failed)) {
    put(receipt, {"gpu", report.computed && !report.failed,
                  report.computed ? report.gpu : first_failure(report), now});
  }
  return receipt;
}

}  // namespace wheelfit::commands
