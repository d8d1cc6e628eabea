// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "render/json_fields.hpp"
#include "render/seed.hpp"

namespace wheelfit::render {
namespace {

using Json = nlohmann::ordered_json;

Json reasons_json(const std::vector<SeedReason>& reasons) {
  Json rows = Json::array();
  for (const SeedReason& reason : reasons)
    rows.push_back({{"code", reason.code}, {"text", reason.text.english()}});
  return rows;
}

Json entry_json(const pipcache::Seed& seed, pipcache::SeedState state) {
  const char* word = state == pipcache::SeedState::in_place ? "in-place"
                     : state == pipcache::SeedState::gone   ? "gone"
                                                            : "changed";
  Json replaced = Json::array();
  for (const pipcache::Replaced& wheel : seed.replaced) replaced.push_back(wheel.file_name);
  return {{"distribution", seed.distribution},
          {"version", seed.version},
          {"wheel", seed.file_name},
          {"directory", seed.directory.string()},
          {"state", word},
          {"sha256", seed.sha256},
          {"size", seed.size},
          {"made_from", seed.made_from},
          {"source", seed.source},
          {"url", or_null(seed.url)},
          {"rewritten", seed.rewritten},
          {"link", seed.link},
          {"python", seed.python},
          {"pip", seed.pip},
          {"torch", or_null(seed.torch)},
          {"torch_cuda", or_null(seed.torch_cuda)},
          {"seeded_at", seed.seeded_at},
          {"replaced", std::move(replaced)}};
}

Json document_with(const char* name, Json list) {
  Json document;
  document["schema_version"] = 1;
  document[name] = std::move(list);
  return document;
}

const char* word_of(SeedOutcome outcome) {
  switch (outcome) {
    case SeedOutcome::seeded:
      return "seeded";
    case SeedOutcome::dry_run:
      return "dry-run";
    case SeedOutcome::not_used:
      return "not-used";
  }
  return "not-used";
}

}  // namespace

Json seed_json(const SeedView& view) {
  Json directories = Json::array();
  Json places = Json::array();
  for (const SeedPlace& place : view.places) {
    directories.push_back(place.directory.string());
    places.push_back(
        {{"directory", place.directory.string()}, {"link", place.link}, {"replaced", place.replaced}});
  }
  Json reasons = reasons_json(view.reasons);
  for (Json& note : reasons_json(view.notes)) reasons.push_back(std::move(note));
  Json document;
  document["schema_version"] = 1;
  document["outcome"] = word_of(view.outcome);
  document["distribution"] = or_null(view.distribution);
  document["version"] = or_null(view.version);
  document["directories"] = std::move(directories);
  document["wheel"] = or_null(view.wheel);
  document["will_be_used"] = view.will_be_used;
  document["reasons"] = std::move(reasons);
  document["made_from"] = or_null(view.made_from);
  document["source"] = or_null(view.source);
  document["rewritten"] = view.rewritten;
  document["proof"] = view.proven ? "symbols" : view.wheel.empty() ? "none" : "name";
  document["places"] = std::move(places);
  document["commands"] = view.commands;
  return document;
}

Json seed_list_json(const std::vector<SeedEntry>& entries) {
  Json list = Json::array();
  for (const SeedEntry& entry : entries) list.push_back(entry_json(entry.seed, entry.state));
  return document_with("seeds", std::move(list));
}

Json seed_undo_json(const std::vector<pipcache::Undone>& undone, bool dry_run) {
  Json list = Json::array();
  for (const pipcache::Undone& one : undone) {
    list.push_back(entry_json(one.seed, one.before));
    list.back()["restored"] = one.restored;
  }
  Json document = document_with("undone", std::move(list));
  document["dry_run"] = dry_run;
  return document;
}

Json seed_audit_json(const AuditView& view) {
  Json rows = Json::array();
  for (const AuditRow& row : view.rows) {
    Json reasons = Json::array();
    for (const Reason& reason : row.reasons)
      reasons.push_back({{"code", to_string(reason.code)}, {"text", reason.text.english()}});
    rows.push_back({{"file", row.file.string()},
                    {"size", row.size},
                    {"proof", to_string(row.proof)},
                    {"reasons", std::move(reasons)},
                    {"evicted", row.evicted}});
  }
  Json document = document_with("wrong", std::move(rows));
  document["cache"] = view.cache.string();
  document["wheels"] = view.wheels;
  return document;
}

Json find_links_json(const FindLinksView& view) {
  const std::string directory = view.directory.string();
  Json document;
  document["schema_version"] = 1;
  document["outcome"] = view.dry_run ? "dry-run" : "find-links";
  document["distribution"] = view.distribution;
  document["version"] = view.version;
  document["directories"] = {directory};
  document["wheel"] = view.wheel;
  document["will_be_used"] = true;
  document["reasons"] = Json::array();
  if (view.for_uv) document["reasons"].push_back({{"code", "uv"}, {"text", why_not_uv().english()}});
  document["made_from"] = view.made_from;
  document["source"] = view.source;
  document["rewritten"] = view.rewritten;
  document["settings"] = {{"PIP_FIND_LINKS", directory}, {"UV_FIND_LINKS", directory}};
  return document;
}

}  // namespace wheelfit::render
