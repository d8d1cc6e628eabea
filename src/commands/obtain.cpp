// SPDX-License-Identifier: Apache-2.0
#include "commands/obtain.hpp"

#include "base/error.hpp"
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

// Where this machine cannot reach a wheel, another one may.
void add_way_round(Error& error, const catalog::Candidate& candidate) {
  if (error.kind() != ErrorKind::unreachable || candidate.url.empty()) return;
  error.add_cure(
      text("download {} elsewhere and give the file to `wheelfit install`", system::redacted(candidate.url)));
}

}  // namespace

fetch::Artifact artifact_of(const catalog::Candidate& candidate) {
  return {candidate.url, candidate.name, candidate.sha256, candidate.size, std::nullopt};
}

fetch::FetchedFile obtain_candidate(const catalog::Candidate& candidate, const catalog::Catalog& catalog,
                                    const fetch::Store& store, system::World& world, system::HttpClient* http,
                                    Reporter& report) {
  if (const auto path = path_of_address(candidate.url)) return local_file(candidate, *path);
  const fetch::Artifact artifact = artifact_of(candidate);
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
  return fetch::fetch(artifact, store, *http, world.clock, report);
}

Obtained obtain(const Decided& decided, const fetch::Store& store, const Settings&, system::World& world,
                system::HttpClient* http, Reporter& report) {
  // The chosen wheel is the first that is not refused.
  for (const resolve::Judgement& judgement : decided.decision.judgements) {
    if (judgement.verdict == resolve::Verdict::refused) break;
    try {
      return {judgement, artifact_of(*judgement.candidate),
              obtain_candidate(*judgement.candidate, decided.catalog, store, world, http, report)};
    } catch (Error& error) {
      if (error.code() != "not-found" || decided.by_hand) {
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

void require_choice(const Decided& decided) {
  const resolve::Decision& decision = decided.decision;
  if (decision.chosen) return;
  std::string code;
  Text why = text("no wheel of {} fits here", decision.package);
  if (!decision.reasons.empty()) {
    why = decision.reasons.front().text;
    code = to_string(decision.reasons.front().code);
  } else if (!decision.judgements.empty()) {
    const resolve::Judgement& nearest = decision.judgements.front();
    const Text& ground = nearest.reasons.front().text;
    why = decided.by_hand ? text("{} does not fit here: it {}", nearest.candidate->name, ground.english())
                          : text("no wheel of {} fits here; the nearest, {}, {}", decision.package,
                                 nearest.candidate->name, ground.english());
    code = to_string(nearest.reasons.front().code);
  }
  std::vector<Text> cures = decision.hints;
  if (!decided.by_hand) cures.push_back(text("wheelfit plan {}", decision.package));
  throw Error(ErrorKind::refused, std::move(why), std::move(cures)).with_code(code);
}

}  // namespace wheelfit::commands
