// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <nlohmann/json.hpp>

#include "render/build.hpp"
#include "render/json_fields.hpp"

namespace wheelfit::render {
namespace {

using Json = nlohmann::ordered_json;

Json forecast_json(const BuildView& view) {
  const build::Forecast& forecast = view.forecast;
  return {{"units", forecast.units},
          {"units_left", forecast.units_left},
          {"jobs", forecast.jobs},
          {"threads", forecast.threads},
          {"build_seconds", std::llround(forecast.seconds)},
          {"peak_memory_bytes", forecast.peak_bytes},
          {"build_directory_bytes", forecast.build_bytes},
          {"wheel_bytes", forecast.wheel_bytes},
          {"site_packages_bytes", forecast.wheel_bytes}};
}

Json compiled_json(const std::vector<build::Compiled>& compiled) {
  Json rows = Json::array();
  for (const build::Compiled& each : compiled)
    rows.push_back({{"name", each.name},
                    {"seconds", std::round(each.seconds * 10) / 10},
                    {"peak_memory_bytes", each.peak_bytes}});
  return rows;
}

}  // namespace

Json build_json(const BuildView& view) {
  Json document{{"schema_version", 1}, {"package", view.package}, {"version", view.version}};
  document["capabilities"] = Json::array();
  for (const python::Version& each : view.capabilities) document["capabilities"].push_back(each.to_string());
  document["limited_by"] = view.by_variable ? "variable" : "arguments";
  document["without"] = view.without;
  document["key"] = view.key;
  document["wheel"] = view.wheel != nullptr ? Json(view.wheel->path.string()) : Json();
  document["sha256"] = view.wheel != nullptr ? Json(view.wheel->sha256) : Json();
  document["size"] = view.wheel != nullptr ? Json(view.wheel->size) : Json();
  document["built_before"] = view.found;
  document["proof"] = view.proof == nullptr                         ? Json()
                      : view.proof->verdict == proof::Verdict::fits ? Json("symbols")
                                                                    : Json("none");
  document["forecast"] = view.found ? Json() : forecast_json(view);
  document["seconds"] = std::round(view.seconds * 10) / 10;
  document["compiled"] = compiled_json(view.compiled);
  document["compiled_before"] = view.from_before;
  document["compiler_cache"] = or_null(view.launcher);
  document["build_directory"] = or_null(view.folder.string());
  document["log"] = or_null(view.log.string());
  document["obstacles"] = Json::array();
  return document;
}

Json obstacles_json(const BuildObstaclesView& view) {
  Json document{{"schema_version", 1}, {"package", view.package}, {"version", view.version}};
  document["wheel"] = nullptr;
  document["obstacles"] = Json::array();
  for (const build::Obstacle& obstacle : view.obstacles) {
    Json cures = Json::array();
    for (const Text& cure : obstacle.cures) cures.push_back(cure.english());
    document["obstacles"].push_back(
        {{"code", obstacle.code}, {"text", obstacle.sentence.english()}, {"cures", cures}});
  }
  return document;
}

}  // namespace wheelfit::render
