// SPDX-License-Identifier: Apache-2.0
#include "commands/pack.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/version.hpp"
#include "catalog/link.hpp"
#include "commands/examine.hpp"
#include "commands/fallback_wheel.hpp"
#include "commands/fingerprint.hpp"
#include "commands/obtain.hpp"
#include "commands/premises.hpp"
#include "python/package_name.hpp"
#include "system/url.hpp"

namespace wheelfit::commands {

namespace {

// A path of this machine means nothing on another, and is nobody's business there.
std::string public_url(const catalog::Candidate& candidate) {
  return catalog::path_of_file_address(candidate.url) ? std::string() : system::redacted(candidate.url);
}

bundle::PackedFile described(const catalog::Candidate& candidate, const fetch::FetchedFile& file,
                             bundle::Role role, std::vector<std::string> required_by) {
  return {candidate.name,   file.size, file.sha256,           public_url(candidate),
          candidate.source, role,      std::move(required_by)};
}

std::vector<bundle::SaidReason> said(const std::vector<Reason>& reasons) {
  std::vector<bundle::SaidReason> all;
  for (const Reason& reason : reasons)
    all.push_back({std::string(to_string(reason.code)), reason.text.english()});
  return all;
}

// Downloads for one subject: each that its binary refuses costs a whole wheel.
constexpr int most_tried = 3;

Error refused(const std::string& wheel, const Reason& reason) {
  return Error(ErrorKind::refused, text("{} does not fit there: {}", wheel, reason.text.english()),
               {text("wheelfit check {} --target …", wheel)})
      .with_code(std::string(to_string(reason.code)));
}

}  // namespace

Packer::Packer(const probe::Environment& environment, const catalog::Knowledge& knowledge,
               const Settings& settings, fetch::Store store, system::World& world, system::HttpClient* http,
               Reporter& report)
    : environment_(environment),
      knowledge_(knowledge),
      settings_(settings),
      store_(std::move(store)),
      world_(world),
      http_(http),
      report_(report),
      premises_(premises_of(environment)),
      supply_(environment, settings, world, http, store_, IndexSupply::Unread::fetch, report) {
  packed_.manifest.made_by = std::string("wheelfit ") + program_version;
  packed_.manifest.made_for = fingerprint(environment);
}

void Packer::add(Decided decided) {
  for (int tried = 1;; ++tried) {
    const Obtained wheel = obtain_or_make(decided);
    const proof::WheelProof proof = examined(decided, wheel);
    if (proof.verdict != proof::Verdict::refused) return add(decided, wheel, proof);
    const Error refusal = refused(wheel.judgement.candidate->name, proof.reasons.front());
    if (decided.by_hand || tried == most_tried) throw refusal;
    decide_again(decided, *wheel.judgement.candidate, proof, environment_, knowledge_, settings_, world_,
                 http_, report_);
    if (!decided.decision.chosen) throw refusal;
    report_.warning(text("{}; the next that fits is taken", refusal.sentence().english()));
  }
}

// Where the chosen wheel cannot be had, the fallback is taken if the caller permits one.
Obtained Packer::obtain_or_make(Decided& decided) const {
  if (!makes_fallback(decided)) {
    try {
      return obtain(decided, environment_, store_, settings_, world_, http_, report_);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::unreachable || !take_fallback(decided, environment_, knowledge_) ||
          !makes_fallback(decided))
        throw;
      report_.warning(text("{}; the fallback is taken", error.sentence().english()));
    }
  }
  return make_fallback_wheel(decided, knowledge_, store_, report_);
}

// The word of the whole binary, as far as a description can be asked.
proof::WheelProof Packer::examined(const Decided& decided, const Obtained& wheel) const {
  return Examiner(environment_, world_, nullptr)
      .wheel(wheel.file.path, expected_of(decided.recipe, *wheel.judgement.candidate))
      .proof;
}

void Packer::add(const Decided& decided, const Obtained& wheel, const proof::WheelProof& proof) {
  const std::string& file_name = wheel.judgement.candidate->name;
  with_context(text("packing {}", file_name), [&] {
    const install::WheelSummary summary = install::inspect_wheel(wheel.file.path, file_name);
    for (const Text& warning : summary.warnings) report_.warning(warning);
    bundle::PackedPackage package;
    package.name = python::normalized_name(summary.name);
    package.version = summary.version;
    add_wheel(decided, wheel, proof, package);
    add_companions(package.name, summary.requires_dist, package);
    add_recipe(package.name);
    premises_.installed[package.name] = summary.version;  // for those that follow
    packed_.manifest.packages.push_back(std::move(package));
  });
}

void Packer::add_wheel(const Decided& decided, const Obtained& wheel, const proof::WheelProof& proof,
                       bundle::PackedPackage& package) {
  const catalog::Candidate& candidate = *wheel.judgement.candidate;
  package.wheel = candidate.name;
  package.by_hand = decided.by_hand;
  package.verdict = to_string(wheel.judgement.verdict);
  package.reasons = said(wheel.judgement.reasons);
  const bool by_symbols = !environment_.described_only() && proof.verdict == proof::Verdict::fits;
  package.proof = candidate.stand_in ? to_string(resolve::Proof::none)
                  : by_symbols       ? to_string(resolve::Proof::symbols)
                                     : to_string(wheel.judgement.proof);
  add_file(described(candidate, wheel.file, bundle::Role::wheel, {}), wheel.file.path);
}

void Packer::add_companions(const std::string& distribution, const std::vector<std::string>& requires_dist,
                            bundle::PackedPackage& package) {
  const install::Companions companions =
      install::find_companions(distribution, requires_dist, premises_, supply_);
  for (const Text& row : companions.unreadable) report_.warning(row);
  refuse_conflicts(companions.conflicts);
  for (const install::Companion& companion : companions.found) {
    const fetch::FetchedFile file = supply_.file(companion);
    add_file(described(supply_.wheel(companion), file, bundle::Role::dependency, companion.required_by),
             file.path);
  }
  for (const install::Lacking& lacking : companions.lacking) {
    report_.warning(text("{} is not in the bundle: {}", lacking.requirement, lacking.reason.english()));
    package.lacking.push_back({lacking.requirement, lacking.required_by, lacking.reason.english()});
  }
}

// Several packages may need the same.
void Packer::add_file(bundle::PackedFile file, const std::filesystem::path& path) {
  auto& files = packed_.manifest.files;
  const auto there = std::ranges::find(files, file.name, &bundle::PackedFile::name);
  if (there == files.end()) {
    files.push_back(std::move(file));
    packed_.files.push_back(path);
    return;
  }
  if (there->sha256 != file.sha256) {
    throw Error(ErrorKind::refused, text("two different files have the name {}", file.name))
        .with_code("bundle-content");
  }
  if (file.role == bundle::Role::wheel) there->role = bundle::Role::wheel;
  for (std::string& by : file.required_by)
    if (std::ranges::find(there->required_by, by) == there->required_by.end())
      there->required_by.push_back(std::move(by));
}

void Packer::add_recipe(const std::string& package) {
  auto& recipes = packed_.manifest.recipes;
  const catalog::Recipe* recipe = knowledge_.find(package);
  if (recipe == nullptr ||
      std::ranges::find(recipes, package, &bundle::PackedRecipe::package) != recipes.end())
    return;
  recipes.push_back({package, recipe->toml});
}

Packed Packer::take() { return std::move(packed_); }

}  // namespace wheelfit::commands
