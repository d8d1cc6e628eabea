// SPDX-License-Identifier: Apache-2.0
#include "commands/place.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/version.hpp"
#include "commands/dependencies_step.hpp"
#include "commands/proof_step.hpp"
#include "python/package_name.hpp"
#include "system/url.hpp"

namespace wheelfit::commands {

namespace {

bool holds(const std::filesystem::path& site, const probe::InstalledDistribution& distribution) {
  std::error_code ignored;
  return std::filesystem::equivalent(site, distribution.location, ignored);
}

void require_python(const install::WheelSummary& summary, const probe::Environment& environment) {
  const auto& version = environment.interpreter.version;
  if (!summary.requires_python || !version) return;
  const auto wanted = python::SpecifierSet::parse(*summary.requires_python);
  if (wanted && !wanted->admits(*version)) {
    throw Error(ErrorKind::refused, text("{} {} requires Python {}, this is {}", summary.name,
                                         summary.version, *summary.requires_python, version->to_string()))
        .with_code("requires-python");
  }
}

install::Receipt receipt_in(const probe::Environment& environment) {
  install::Receipt receipt;
  if (environment.interpreter.version) receipt.python = environment.interpreter.version->to_string();
  if (environment.torch.version) receipt.torch = environment.torch.version->to_string();
  if (environment.torch.cuda) receipt.torch_cuda = environment.torch.cuda->to_string();
  receipt.wheelfit_version = program_version;
  return receipt;
}

install::Receipt receipt_for(const Decided& decided, const resolve::Judgement& judgement,
                             const fetch::FetchedFile& file, const probe::Environment& environment) {
  const catalog::Candidate& candidate = *judgement.candidate;
  install::Receipt receipt = receipt_in(environment);
  receipt.distribution = decided.decision.package;
  receipt.version = candidate.fields.version.to_string();
  receipt.wheel = candidate.name;
  receipt.url = candidate.source == "file" ? "" : system::redacted(candidate.url);
  receipt.source = candidate.source;
  receipt.sha256 = file.sha256;
  receipt.size = file.size;
  return receipt;
}

// What conda published is what the receipt speaks of, not the wheel that was made of it.
void name_package(const CondaPackage& package, install::Receipt& receipt) {
  receipt.wheel = package.file_name;
  receipt.sha256 = package.sha256;
  std::error_code unknown;
  receipt.size = std::filesystem::file_size(package.path, unknown);
}

void name_origin(const GivenPackage& given, install::InstallRequest& request) {
  const std::string address = system::redacted(given.address);
  request.direct_url = address;
  request.sha256 = given.package.sha256;
  if (request.receipt.source != "file") request.receipt.url = address;
  name_package(given.package, request.receipt);
}

Error refusal(const std::string& file_name, const Reason& reason) {
  return Error(ErrorKind::refused, text("{} does not fit here: {}", file_name, reason.text.english()),
               {text("wheelfit check {}", file_name)})
      .with_code(std::string(to_string(reason.code)));
}

}  // namespace

install::InstallRequest Placer::request_for(const Decided& decided, const Obtained& wheel,
                                            const std::string& package, Placed& placed) const {
  install::InstallRequest request;
  request.wheel = wheel.file.path;
  request.file_name = wheel.artifact.file_name;
  request.destination = destination_;
  const std::string& url = wheel.judgement.candidate->url;
  if (decided.by_hand && !url.empty()) request.direct_url = system::redacted(url);
  request.sha256 = wheel.file.sha256;
  request.examine = [this, &placed, expected = expected_of(decided.recipe, *wheel.judgement.candidate),
                     file_name = request.file_name](const std::vector<install::StagedFile>& files) {
    examine(files, expected, file_name, placed);
  };
  request.receipt = receipt_for(decided, wheel.judgement, wheel.file, environment_);
  request.receipt.installed_at = timestamp(world_.clock);
  if (decided.conda) name_origin(*decided.conda, request);
  if (wheel.made_of) name_package(*wheel.made_of, request.receipt);
  for (const probe::InstalledDistribution& earlier : environment_.interpreter.distributions) {
    if (earlier.name != package) continue;
    if (holds(destination_.purelib, earlier) || holds(destination_.platlib, earlier)) {
      request.replaces.push_back(earlier.metadata_path);
      placed.replaced.push_back(earlier.name + " " + earlier.version);
    } else {
      report_.note(text("{} {} in {} stays where it is and is hidden by the new one", earlier.name,
                        earlier.version, earlier.location.string()));
    }
  }
  return request;
}

// The last word before anything is visible: the whole binary, against this very environment.
void Placer::examine(const std::vector<install::StagedFile>& files, const Expected& expected,
                     const std::string& file_name, Placed& placed) const {
  const Examiner examiner(environment_, world_, nullptr);
  const proof::WheelProof proof = examiner.unpacked(files, destination_.platlib, expected);
  placed.symbols_proven = proof.verdict == proof::Verdict::fits && !proof.modules.empty();
  if (proof.verdict == proof::Verdict::fits) return;
  if (proof.verdict == proof::Verdict::unproven) {
    for (const Reason& reason : proof.reasons) report_.note(reason.text);
    return;
  }
  throw ProofRefusal(refusal(file_name, proof.reasons.front()), proof);
}

void Placer::prove_or_undo(const Decided& decided, install::Transaction& transaction, Placed& placed) {
  const catalog::Recipe* recipe = knowledge_.find(decided.decision.package);
  try {
    placed.report = prove(decided.decision.package, placed.receipt.version, transaction.dist_info(), recipe,
                          knowledge_, environment_, settings_, world_, report_);
  } catch (...) {  // the interpreter could not be started, or Ctrl-C: nothing was proven
    transaction.roll_back();
    throw;
  }
  placed.code = exit_code_of(*placed.report, recipe, settings_.proof.required);
  placed.receipt = with_proofs(placed.receipt, *placed.report, world_.clock);
  if (placed.report->failed && !settings_.proof.keep_on_failure) {
    transaction.roll_back();
    if (!placed.receipt.bundle) remove_dependencies(placed.dependencies, destination_, report_);
    placed.outcome = render::InstallOutcome::rolled_back;
    return;
  }
  transaction.update_receipt(placed.receipt);
  transaction.commit();
}

install::InstallRequest Placer::request_for(const BroughtWheel& companion, const install::BundleMark& bundle,
                                            const install::WheelSummary& summary) const {
  const PackedWheel& wheel = companion.wheel;
  install::InstallRequest request;
  request.wheel = companion.path;
  request.file_name = wheel.file_name;
  request.destination = destination_;
  request.sha256 = wheel.sha256;
  request.requested = false;
  request.examine = [this, file_name = wheel.file_name](const std::vector<install::StagedFile>& files) {
    const proof::WheelProof proof =
        Examiner(environment_, world_, nullptr).unpacked(files, destination_.platlib, {});
    if (proof.verdict == proof::Verdict::refused) throw refusal(file_name, proof.reasons.front());
  };
  request.receipt = receipt_in(environment_);
  request.receipt.distribution = python::normalized_name(summary.name);
  request.receipt.wheel = wheel.file_name;
  request.receipt.url = system::redacted(wheel.url);
  request.receipt.source = wheel.source;
  request.receipt.sha256 = wheel.sha256;
  request.receipt.size = wheel.size;
  request.receipt.bundle = bundle;
  request.receipt.installed_at = timestamp(world_.clock);
  return request;
}

void Placer::add_companions(const Brought& brought, std::vector<install::InstallRequest>& requests,
                            Placed& placed) const {
  requests.front().receipt.bundle = brought.bundle;
  for (const BroughtWheel& companion : brought.companions) {
    const install::WheelSummary summary = install::inspect_wheel(companion.path, companion.wheel.file_name);
    require_python(summary, environment_);
    requests.push_back(request_for(companion, brought.bundle, summary));
    placed.dependencies.push_back(summary.name);
  }
}

void Placer::put(const Decided& decided, const std::vector<install::InstallRequest>& requests,
                 Placed& placed) {
  install::Transaction transaction = install::install_wheels(requests, report_);
  placed.receipt = transaction.receipt();
  if (placed.symbols_proven)
    placed.receipt.proofs.push_back(
        {"symbols", true, "every symbol that it needs is exported here", timestamp(world_.clock)});
  if (settings_.proof.verify) {
    prove_or_undo(decided, transaction, placed);
    return;
  }
  placed.receipt.proofs.push_back(
      {"record", true, "every file has the hash that RECORD gives", timestamp(world_.clock)});
  transaction.update_receipt(placed.receipt);
  transaction.commit();
}

Placed Placer::place(const Decided& decided, const Obtained& wheel, const Brought* brought) {
  const std::string file_name = wheel.artifact.file_name;
  return with_context(text("installing {}", file_name), [&] {
    const install::WheelSummary summary = install::inspect_wheel(wheel.file.path, file_name);
    for (const Text& warning : summary.warnings) report_.warning(warning);
    require_python(summary, environment_);
    Placed placed;
    std::vector<install::InstallRequest> requests{
        request_for(decided, wheel, python::normalized_name(summary.name), placed)};
    if (brought != nullptr) {
      add_companions(*brought, requests, placed);
      put(decided, requests, placed);
      return placed;
    }
    placed.dependencies = add_missing_dependencies(summary, environment_, settings_, world_, report_);
    try {
      put(decided, requests, placed);
    } catch (...) {
      remove_dependencies(placed.dependencies, destination_, report_);
      throw;
    }
    return placed;
  });
}

Placed Placer::what_is_there(const Decided& decided) {
  Placed placed;
  placed.outcome = render::InstallOutcome::already_installed;
  const probe::InstalledDistribution* distribution = environment_.interpreter.find(decided.decision.package);
  if (distribution != nullptr) {
    if (auto receipt = install::read_receipt(distribution->metadata_path))
      placed.receipt = std::move(*receipt);
  }
  const auto proven = [&placed](const char* kind) {
    return std::any_of(
        placed.receipt.proofs.begin(), placed.receipt.proofs.end(),
        [kind](const install::ProofRecord& proof) { return proof.kind == kind && proof.passed; });
  };
  const bool wants_gpu = settings_.proof.required == Proof::gpu && !decided.recipe.verification.kind.empty();
  placed.code = (wants_gpu ? proven("gpu") : proven("import")) ? ExitCode::done : ExitCode::unproven;
  const auto& gpus = environment_.accelerators.gpus;
  const bool can_be_proven = gpus && !gpus->empty() && settings_.proof.verify && distribution != nullptr;
  if (wants_gpu && !proven("gpu") && can_be_proven) prove_what_is_there(*distribution, placed);
  return placed;
}

// It was installed where no GPU was, and here is one.
void Placer::prove_what_is_there(const probe::InstalledDistribution& there, Placed& placed) {
  const catalog::Recipe* recipe = knowledge_.find(there.name);
  placed.report = prove(there.name, there.version, there.metadata_path, recipe, knowledge_, environment_,
                        settings_, world_, report_);
  placed.code = exit_code_of(*placed.report, recipe, settings_.proof.required);
  if (placed.report->failed) {
    throw Error(ErrorKind::refused,
                text("{} {} is installed, and its proof fails on this GPU", there.name, there.version),
                {text("wheelfit verify {}", there.name)})
        .with_code("proof-failed");
  }
  placed.receipt = with_proofs(placed.receipt, *placed.report, world_.clock);
  if (install::read_receipt(there.metadata_path)) install::write_receipt(there.metadata_path, placed.receipt);
}

Placed planned_only(const Decided& decided, const probe::Environment& environment) {
  Placed placed;
  placed.outcome = render::InstallOutcome::dry_run;
  const resolve::Judgement& judgement = decided.decision.chosen->judgement;
  fetch::FetchedFile unfetched;
  unfetched.sha256 = judgement.candidate->sha256.value_or("");
  unfetched.size = judgement.candidate->size.value_or(0);
  placed.receipt = receipt_for(decided, judgement, unfetched, environment);
  return placed;
}

ExitCode show(const std::vector<Placed>& placed, const Console& console) {
  ExitCode worst = ExitCode::done;
  Results results(console);
  for (const Placed& one : placed) {
    const render::InstallView view{one.outcome, one.receipt, one.report ? &*one.report : nullptr,
                                   one.replaced, one.dependencies};
    results.add([&] { return render::install_text(view, console.style); },
                [&] {
                  nlohmann::ordered_json document = render::install_json(view);
                  if (!one.dependencies.empty()) document["dependencies"] = one.dependencies;
                  return document;
                });
    worst = std::max(worst, one.code);
  }
  results.end();
  return worst;
}

}  // namespace wheelfit::commands
