// SPDX-License-Identifier: Apache-2.0
#include "commands/proof_step.hpp"

#include <algorithm>
#include <ctime>

#include <fmt/chrono.h>

#include "commands/examine.hpp"
#include "python/record.hpp"
#include "system/files.hpp"
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

// The installed compiled code, as the proof of a wheel reads it before it is in its place.
proof::WheelProof symbols_of(const std::filesystem::path& dist_info, bool needs_torch,
                             const probe::Environment& environment, const system::World& world) {
  const auto content = system::read_file_if_any(dist_info / "RECORD", 256U << 20U);
  if (!content) return {};
  const auto record = python::parse_record(*content);
  if (!record) return {};
  const std::filesystem::path site = dist_info.parent_path();
  std::vector<install::StagedFile> files;
  for (const python::RecordEntry& row : *record) {
    const std::filesystem::path file = (site / row.path).lexically_normal();
    if (std::filesystem::is_regular_file(file)) files.push_back({file, file});
  }
  const Examiner examiner(environment, world, nullptr);
  return examiner.unpacked(files, site, {needs_torch});
}

// What was imported has been loaded: then a doubt of the proof is no failure.
void add_symbols(verify::Report& report, const std::filesystem::path& dist_info, bool needs_torch,
                 const probe::Environment& environment, const system::World& world) {
  const proof::WheelProof proof = symbols_of(dist_info, needs_torch, environment, world);
  if (proof.modules.empty()) return;
  verify::Check check{"symbols", verify::CheckResult::passed, {}};
  report.loadable = proof.verdict == proof::Verdict::fits;
  if (!report.loadable) {
    const bool refused = proof.verdict == proof::Verdict::refused && !report.imported;
    check.result = refused ? verify::CheckResult::failed : verify::CheckResult::not_checked;
    if (!proof.reasons.empty()) check.detail = proof.reasons.front().text;
    report.failed = report.failed || refused;
  }
  report.checks.insert(report.checks.begin(), std::move(check));
}

}  // namespace

std::string timestamp(system::Clock& clock) {
  const std::time_t now = std::chrono::system_clock::to_time_t(clock.now());
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(now));
}

verify::Report prove(const std::string& distribution, const std::string& version,
                     const std::filesystem::path& dist_info, const catalog::Recipe* recipe,
                     const catalog::Knowledge& knowledge, const probe::Environment& environment,
                     const Settings& settings, const system::World& world, Reporter& report) {
  verify::VerifyRequest request;
  request.interpreter = *environment.interpreter.executable;
  request.dist_info = dist_info;
  request.distribution = distribution;
  request.version = version;
  request.needs_torch = recipe != nullptr && recipe->needs_torch;
  request.timeout = settings.proof.timeout;
  request.use_gpu = settings.proof.required == Proof::gpu;
  if (recipe != nullptr) {
    request.imports = recipe->is_fallback(version) ? std::vector<std::string>{recipe->fallback->module}
                                                   : recipe->verification.imports;
    request.module = recipe->verification.distribution_module;
    request.forward_only = recipe->verification.forward_only;
    if (!recipe->verification.kind.empty()) {
      request.script = knowledge.file("verify/" + recipe->verification.kind + ".py");
    }
  }
  verify::Report proven = verify::verify(request, world.processes, report);
  add_symbols(proven, dist_info, request.needs_torch, environment, world);
  return proven;
}

ExitCode exit_code_of(const verify::Report& report, const catalog::Recipe* recipe, Proof required) {
  if (report.failed) return ExitCode::refused;
  const bool has_gpu_proof = recipe != nullptr && !recipe->verification.kind.empty();
  const bool far_enough = required == Proof::gpu && has_gpu_proof ? report.computed
                          : required == Proof::symbols            ? report.loadable || report.imported
                                                                  : report.imported;
  return far_enough ? ExitCode::done : ExitCode::unproven;
}

install::Receipt with_proofs(install::Receipt receipt, const verify::Report& report, system::Clock& clock) {
  const std::string now = timestamp(clock);
  put(receipt, {"record", record_holds(report), "", now});
  if (report.loadable) put(receipt, {"symbols", true, "", now});
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
