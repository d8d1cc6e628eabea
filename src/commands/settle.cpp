// SPDX-License-Identifier: Apache-2.0
#include "commands/settle.hpp"

#include "base/activity.hpp"
#include "base/error.hpp"
#include "catalog/link.hpp"
#include "commands/subject.hpp"

namespace wheelfit::commands {

namespace {

// Each costs about one per cent of a wheel; the wheels of more torch minors than this are too far away.
constexpr std::size_t most_examined = 6;

std::optional<std::filesystem::path> on_disk(const catalog::Candidate& candidate,
                                             const fetch::Artifact& artifact, const fetch::Store& store) {
  if (auto path = catalog::path_of_file_address(candidate.url)) return path;
  if (candidate.url.empty() && !candidate.sha256) return std::nullopt;
  const auto stored = fetch::find_in_store(store, artifact);
  if (!stored) return std::nullopt;
  return stored->path;
}

Examination read(const catalog::Candidate& candidate, const Expected& expected, const Examiner& examiner,
                 const fetch::Store& store, const NetworkSettings& network) {
  const fetch::Artifact artifact = examiner.artifact_of(candidate, network);
  if (const auto file = on_disk(candidate, artifact, store)) return examiner.beginning(*file, expected);
  if (candidate.url.empty()) return {};
  return examiner.beginning(artifact, expected);
}

// A source that fails now is the download's business; a bad archive is this wheel's.
Examination examine(const catalog::Candidate& candidate, const Expected& expected, const Examiner& examiner,
                    const fetch::Store& store, const NetworkSettings& network, Reporter& report) {
  const Activity reading(report, text("Reading what {} needs", candidate.name), std::nullopt);
  Examination examination;
  try {
    examination = read(candidate, expected, examiner, store, network);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::interrupted) throw;
    examination.remark = error.sentence();
  }
  if (!examination.remark.empty())
    report.note(text("{} stays judged by its name: {}", candidate.name, examination.remark.english()));
  return examination;
}

}  // namespace

resolve::Decision settle(const Resolve& resolve, const catalog::Recipe& recipe, const Examiner& examiner,
                         const probe::Environment& environment, const fetch::Store& store,
                         const NetworkSettings& network, resolve::Evidence& evidence, Reporter& report) {
  resolve::Decision decision = resolve(evidence);
  if (!examiner.has_files()) return decision;
  while (evidence.size() < most_examined) {
    if (decision.chosen && decision.chosen->kind == resolve::Rung::installed && !decision.chosen->stand_in)
      break;
    const auto next = resolve::next_to_examine(decision.judgements, evidence, environment);
    if (!next) break;
    const catalog::Candidate& candidate = *decision.judgements[*next].candidate;
    const proof::WheelProof proof =
        examine(candidate, expected_of(recipe, candidate), examiner, store, network, report).proof;
    evidence[resolve::evidence_key(candidate)] = proof;
    if (proof.extent != proof::Extent::nothing) decision = resolve(evidence);  // else it weighs nothing
  }
  return decision;
}

}  // namespace wheelfit::commands
