// SPDX-License-Identifier: Apache-2.0
#include "commands/obtain.hpp"

#include "base/error.hpp"
#include "catalog/link.hpp"
#include "commands/examine.hpp"
#include "system/files.hpp"
#include "system/sha256.hpp"
#include "system/url.hpp"

namespace wheelfit::commands {

namespace {

fetch::FetchedFile local_file(const catalog::Candidate& candidate, const std::filesystem::path& path) {
  fetch::FetchedFile file{path, system::to_hex(system::sha256_of_file(path)),
                          std::filesystem::file_size(path)};
  if (candidate.sha256 && *candidate.sha256 != file.sha256) {
    throw Error(ErrorKind::refused,
                text("{} has sha256 {}, {} was promised", candidate.name, file.sha256, *candidate.sha256))
        .with_code("sha256");
  }
  file.from_store = true;
  return file;
}

[[noreturn]] void no_address(const catalog::Candidate& candidate, const catalog::Catalog& catalog) {
  std::vector<Text> cures{
      text("give --index-url, set PIP_INDEX_URL (or UV_INDEX_URL), or install pip into the environment"),
      text("or give the wheel as a file: wheelfit install {}", candidate.name)};
  for (const catalog::SourceStatus& source : catalog.sources) {
    if (source.id == candidate.source_id && !source.reachable && !source.remark.empty()) {
      throw Error(ErrorKind::unreachable, source.remark, std::move(cures));
    }
  }
  throw Error(ErrorKind::unreachable,
              text("where {} can be downloaded is known only to the package index", candidate.name),
              std::move(cures));
}

void say_left_out(const std::string& name, const std::vector<std::string>& left_out, Reporter& report) {
  for (const std::string& address : left_out) {
    report.note(
        text("{} is not asked for {}: nothing says what a mirror's copy must be; an address with "
             "#sha256=..., or a listing that gives the sha256, would",
             address, name));
  }
}

// A stranger's copy that no hash vouches for: its symbols must fit, or it is not used.
void prove_stranger(const fetch::FetchedFile& file, const std::string& name, const Examiner& examiner,
                    const Expected& expected) {
  const proof::WheelProof proof = examiner.wheel(file.path, expected).proof;
  if (proof.verdict == proof::Verdict::fits && !proof.modules.empty()) return;
  system::remove_quietly(file.path.parent_path());
  throw Error(ErrorKind::refused,
              text("{} is from a mirror, its sha256 is not known, and its symbols are not proven here", name),
              {text("give its address with #sha256=..., as its publisher states it"),
               text("or fetch it from its publisher, without the mirror")})
      .with_code("unvouched");
}

// From the store, else over the network.
fetch::FetchedFile have(const fetch::Artifact& artifact, const catalog::Candidate& candidate,
                        const catalog::Catalog& catalog, const fetch::Store& store, system::World& world,
                        system::HttpClient* http, const fetch::Limits& limits, Reporter& report) {
  if (!candidate.url.empty() || candidate.sha256) {
    if (auto stored = fetch::find_in_store(store, artifact)) return *stored;
  }
  if (http == nullptr) {
    throw Error(ErrorKind::unreachable,
                text("{} is not in the store, and --offline forbids to download it", candidate.name),
                {text("run this again without --offline")})
        .with_code("offline");
  }
  if (candidate.url.empty()) no_address(candidate, catalog);
  return fetch::fetch(artifact, store, *http, world.clock, report, limits);
}

struct Supply {
  const Examiner& examiner;
  const fetch::Store& store;
  const Settings& settings;
  system::World& world;
  system::HttpClient* http;
  Reporter& report;
};

fetch::FetchedFile get(const catalog::Candidate& candidate, const Decided& decided, const Supply& supply) {
  if (const auto path = catalog::path_of_file_address(candidate.url)) return local_file(candidate, *path);
  std::vector<std::string> left_out;
  const fetch::Artifact artifact = supply.examiner.artifact_of(candidate, supply.settings.network, &left_out);
  if (supply.http != nullptr) say_left_out(candidate.name, left_out, supply.report);
  fetch::FetchedFile file = have(artifact, candidate, decided.catalog, supply.store, supply.world,
                                 supply.http, fetch_limits(supply.settings), supply.report);
  if (file.unvouched)
    prove_stranger(file, candidate.name, supply.examiner, expected_of(decided.recipe, candidate));
  return file;
}

bool is_gone(const Error& error) { return error.code() == "http-404" || error.code() == "http-410"; }

// Where this machine cannot reach a wheel, another one may.
void add_way_round(Error& error, const catalog::Candidate& candidate) {
  if (error.kind() != ErrorKind::unreachable || candidate.url.empty()) return;
  error.add_cure(
      text("download {} elsewhere and give the file to `wheelfit install`", system::redacted(candidate.url)));
}

}  // namespace

fetch::Limits fetch_limits(const Settings& settings) {
  fetch::Limits limits;
  limits.connections = settings.network.connections;
  return limits;
}

fetch::FetchedFile obtain_candidate(const catalog::Candidate& candidate, const catalog::Catalog& catalog,
                                    const fetch::Store& store, const Settings& settings, system::World& world,
                                    system::HttpClient* http, Reporter& report) {
  if (const auto path = catalog::path_of_file_address(candidate.url)) return local_file(candidate, *path);
  return have(artifact_of(candidate), candidate, catalog, store, world, http, fetch_limits(settings), report);
}

Obtained obtain(const Decided& decided, const probe::Environment& environment, const fetch::Store& store,
                const Settings& settings, system::World& world, system::HttpClient* http, Reporter& report) {
  const Examiner examiner(environment, world, nullptr);
  const Supply supply{examiner, store, settings, world, http, report};
  // The chosen wheel is the first that is not refused.
  for (const resolve::Judgement& judgement : decided.decision.judgements) {
    if (judgement.verdict == resolve::Verdict::refused) break;
    try {
      return {judgement, examiner.artifact_of(*judgement.candidate, settings.network),
              get(*judgement.candidate, decided, supply)};
    } catch (Error& error) {
      if (!is_gone(error) || decided.by_hand) {
        add_way_round(error, *judgement.candidate);
        throw;
      }
      report.warning(
          text("{} is not where it should be; the next that fits is taken", judgement.candidate->name));
    }
  }
  throw Error(ErrorKind::unreachable,
              text("none of the wheels that fit could be found where they should be"));
}

namespace {

[[noreturn]] void refuse(const Decided& decided) {
  const resolve::Decision& decision = decided.decision;
  std::string code;
  Text why = text("no wheel of {} fits here", decision.package);
  if (!decision.reasons.empty()) {
    why = decision.reasons.front().text;
    code = to_string(decision.reasons.front().code);
  } else if (!decision.judgements.empty()) {
    const resolve::Judgement& nearest = decision.judgements.front();
    const Text& ground = nearest.reasons.front().text;
    const std::string& given = decided.conda ? decided.conda->package.file_name : nearest.candidate->name;
    why = decided.by_hand ? text("{} does not fit here: it {}", given, ground.english())
                          : text("no wheel of {} fits here; the nearest, {}, {}", decision.package,
                                 nearest.candidate->name, ground.english());
    code = to_string(nearest.reasons.front().code);
  }
  std::vector<Text> cures = decision.hints;
  if (decided.conda && !decision.judgements.empty() && decision.judgements.front().reasons.size() > 1)
    cures.insert(cures.begin(), text("it {}", decision.judgements.front().reasons.back().text.english()));
  if (!decided.by_hand) cures.push_back(text("wheelfit plan {}", decision.package));
  throw Error(ErrorKind::refused, std::move(why), std::move(cures)).with_code(code);
}

}  // namespace

void require_choice(const Decided& decided) {
  if (!decided.decision.chosen) refuse(decided);
}

void require_wheel(const Decided& decided) {
  if (decided.conda) {
    throw Error(ErrorKind::usage,
                text("{} is a package of conda's: it can be planned, checked and installed, and nothing else",
                     decided.conda->package.file_name));
  }
  const auto& judgements = decided.decision.judgements;
  const bool fits = !judgements.empty() && judgements.front().verdict != resolve::Verdict::refused;
  if (!decided.decision.chosen || !fits) refuse(decided);
}

}  // namespace wheelfit::commands
