// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "probe/environment_json.hpp"
#include "render/candidates.hpp"
#include "render/json_fields.hpp"
#include "render/plan.hpp"
#include "system/url.hpp"

namespace wheelfit::render {
namespace {

using Json = nlohmann::ordered_json;

Json chosen_json(const resolve::Chosen& chosen) {
  const catalog::Candidate& candidate = *chosen.judgement.candidate;
  const python::Version& version = candidate.fields.version;
  Json fields;
  fields["kind"] = to_string(chosen.kind);
  fields["name"] = or_null(candidate.name);
  fields["version"] = version.release().empty() ? Json() : Json(version.to_string());
  fields["source"] = or_null(candidate.source);
  fields["url"] = or_null(system::redacted(candidate.url));
  fields["sha256"] = or_null(candidate.sha256);
  fields["size"] = or_null(candidate.size);
  fields["proof"] = to_string(chosen.proof);
  fields["verdict"] = to_string(chosen.judgement.verdict);
  fields["trust"] = to_string(candidate.trust);
  fields["publisher"] = or_null(candidate.source_id);
  fields["reasons"] = reasons_json(chosen.judgement.reasons);
  return fields;
}

Json candidates_json(const PlanView& view) {
  Json rows = Json::array();
  const auto add = [&rows](const resolve::Judgement& judgement) {
    rows.push_back({{"name", judgement.candidate->name},
                    {"source", judgement.candidate->source},
                    {"verdict", to_string(judgement.verdict)},
                    {"reasons", reasons_json(judgement.reasons)}});
  };
  for (const resolve::Judgement* const judgement : shown_candidates(view.decision, view.wishes.version))
    add(*judgement);
  for (const resolve::Judgement& package : view.decision.conda) add(package);
  return rows;
}

Json ladder_json(const std::vector<resolve::LadderStep>& ladder) {
  Json rows = Json::array();
  for (const resolve::LadderStep& step : ladder) {
    rows.push_back(
        {{"rung", to_string(step.rung)}, {"taken", step.taken}, {"reason", step.reason.english()}});
  }
  return rows;
}

Json shortages_json(const std::vector<system::Shortage>& shortages) {
  Json rows = Json::array();
  for (const system::Shortage& shortage : shortages) {
    Json needs = Json::array();
    for (const system::Need& need : shortage.needs)
      needs.push_back({{"role", need.role}, {"path", need.where.string()}, {"bytes", need.bytes}});
    rows.push_back({{"filesystem", shortage.filesystem},
                    {"needed_bytes", shortage.needed},
                    {"free_bytes", shortage.free},
                    {"needs", std::move(needs)}});
  }
  return rows;
}

Json dependencies_json(const std::vector<resolve::ForeseenDependency>& dependencies) {
  Json rows = Json::array();
  for (const resolve::ForeseenDependency& dependency : dependencies) {
    rows.push_back({{"name", dependency.name},
                    {"version", dependency.version},
                    {"wheel", dependency.wheel},
                    {"download_bytes", or_null(dependency.download_bytes)},
                    {"disk_bytes", or_null(dependency.disk_bytes)},
                    {"disk_estimated", dependency.disk_estimated}});
  }
  return rows;
}

Json unforeseen_json(const std::vector<resolve::Unforeseen>& unforeseen) {
  Json rows = Json::array();
  for (const resolve::Unforeseen& each : unforeseen)
    rows.push_back({{"what", each.what}, {"reason", each.reason.english()}});
  return rows;
}

Json forecast_json(const resolve::Forecast& forecast, const std::vector<system::Shortage>& shortages) {
  return {{"download_bytes", or_null(forecast.download_bytes)},
          {"disk_bytes", or_null(forecast.disk_bytes)},
          {"build_seconds", or_null(forecast.build_seconds)},
          {"peak_memory_bytes", or_null(forecast.peak_memory_bytes)},
          {"disk_estimated", forecast.disk_estimated},
          {"shortages", shortages_json(shortages)},
          {"dependencies", dependencies_json(forecast.dependencies)},
          {"not_foreseen", unforeseen_json(forecast.not_foreseen)}};
}

Json sources_json(const std::vector<catalog::SourceStatus>& sources) {
  Json rows = Json::array();
  for (const catalog::SourceStatus& source : sources) {
    rows.push_back({{"id", source.id},
                    {"live", source.live},
                    {"reachable", source.reachable},
                    {"wheels", source.wheels},
                    {"remark", source.remark.english()}});
  }
  return rows;
}

}  // namespace

Json plan_json(const PlanView& view) {
  const resolve::Decision& decision = view.decision;
  Json document;
  document["schema_version"] = 1;
  document["package"] = decision.package;
  document["environment"] = probe::to_json(view.environment);
  document["chosen"] = decision.chosen ? chosen_json(*decision.chosen) : Json();
  document["candidates"] = candidates_json(view);
  document["reasons"] = reasons_json(decision.reasons);
  document["ladder"] = ladder_json(decision.ladder);
  document["upstream_guess"] = decision.upstream_guess ? or_null(decision.upstream_guess->url) : Json();
  document["upstream_guess_exists"] =
      decision.upstream_guess ? or_null(decision.upstream_guess->exists) : Json();
  document["forecast"] = forecast_json(decision.forecast, view.shortages);
  document["hints"] = Json::array();
  for (const Text& hint : decision.hints) document["hints"].push_back(hint.english());
  document["sources"] = sources_json(view.sources);
  return document;
}

}  // namespace wheelfit::render
