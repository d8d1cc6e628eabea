// SPDX-License-Identifier: Apache-2.0
#include "resolve/decision.hpp"
#include "resolve/environment_reasons.hpp"
#include "resolve/hints.hpp"
#include "resolve/judge.hpp"
#include "resolve/ladder.hpp"
#include "resolve/rank.hpp"
#include "resolve/upstream_guess.hpp"

namespace wheelfit::resolve {

namespace {

Forecast forecast_of(const catalog::Candidate& candidate, const Evidence& evidence) {
  Forecast forecast;
  forecast.download_bytes = candidate.size;
  const auto known = evidence.find(evidence_key(candidate));
  if (known != evidence.end()) forecast.disk_bytes = known->second.unpacked_bytes;
  if (!forecast.disk_bytes && candidate.size) {
    forecast.disk_bytes = usually_unpacked(*candidate.size);
    forecast.disk_estimated = true;
  }
  return forecast;
}

std::vector<Judgement> judged(const std::vector<catalog::Shared<catalog::Candidate>>& candidates,
                              Judge& judge, const Evidence& evidence) {
  std::vector<Judgement> judgements;
  judgements.reserve(candidates.size());
  for (const catalog::Shared<catalog::Candidate>& candidate : candidates) {
    judgements.push_back(judge.judge(candidate));
    if (evidence.empty()) continue;
    const auto found = evidence.find(evidence_key(*candidate));
    if (found != evidence.end()) weigh(judgements.back(), found->second);
  }
  return judgements;
}

}  // namespace

// Wheels of GPU code unpack to 3.3 times their size (docs/formats/remote-wheel.md), within 4 %.
std::uint64_t usually_unpacked(std::uint64_t wheel_bytes) noexcept { return wheel_bytes * 10 / 3; }

Decision resolve(const probe::Environment& environment, const catalog::Recipe& recipe,
                 const catalog::Catalog& catalog, const catalog::Knowledge& knowledge, const Wishes& wishes,
                 const std::optional<InstalledState>& installed, const Evidence& evidence) {
  Decision decision;
  decision.package = recipe.name;
  decision.reasons = environment_reasons(environment, recipe, knowledge);

  Judge judge(environment, &recipe, knowledge, wishes);
  decision.judgements = judged(catalog.candidates, judge, evidence);
  decision.conda = judged(catalog.conda, judge, evidence);
  rank(decision.judgements, environment);
  rank(decision.conda, environment);

  Descent descent = descend({environment, recipe, knowledge, wishes, catalog, decision.judgements,
                             decision.conda, installed, decision.reasons});
  decision.chosen = std::move(descent.chosen);
  decision.ladder = std::move(descent.steps);
  if (decision.chosen) decision.forecast = forecast_of(*decision.chosen->judgement.candidate, evidence);

  std::vector<python::Version> sdists = recipe.sdists;
  for (const catalog::SourceDistribution& sdist : catalog.sdists) sdists.push_back(sdist.version);
  decision.upstream_guess =
      upstream_guess(environment, recipe, knowledge, wishes.version, sdists, decision.judgements);
  // What would admit a wheel is worth knowing where only a fallback stands in.
  const bool stand_in = decision.chosen && decision.chosen->stand_in;
  decision.hints =
      hints(environment, decision.judgements, stand_in ? std::nullopt : decision.chosen, decision.reasons);
  add_permissions(decision.hints, std::move(descent.permissions));
  return decision;
}

}  // namespace wheelfit::resolve
