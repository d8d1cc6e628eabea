// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include <nlohmann/json.hpp>

#include "render/json_fields.hpp"
#include "render/outcome.hpp"
#include "system/url.hpp"

namespace wheelfit::render {
namespace {

using Json = nlohmann::ordered_json;

std::string_view to_string(InstallOutcome outcome) noexcept {
  switch (outcome) {
    case InstallOutcome::installed:
      return "installed";
    case InstallOutcome::already_installed:
      return "already-installed";
    case InstallOutcome::rolled_back:
      return "rolled-back";
    case InstallOutcome::dry_run:
      return "dry-run";
  }
  return "installed";
}

std::string_view to_string(verify::CheckResult result) noexcept {
  switch (result) {
    case verify::CheckResult::passed:
      return "passed";
    case verify::CheckResult::failed:
      return "failed";
    case verify::CheckResult::not_checked:
      return "not-checked";
  }
  return "not-checked";
}

Json report_json(const verify::Report& report) {
  Json fields = {
      {"distribution", report.distribution}, {"version", report.version},   {"failed", report.failed},
      {"imported", report.imported},         {"computed", report.computed}, {"gpu", or_null(report.gpu)}};
  fields["checks"] = Json::array();
  for (const verify::Check& check : report.checks) {
    fields["checks"].push_back(
        {{"name", check.name}, {"result", to_string(check.result)}, {"detail", check.detail.english()}});
  }
  fields["timings"] = Json::array();
  for (const verify::Timing& timing : report.timings) {
    const bool timed = timing.milliseconds > 0;
    fields["timings"].push_back(
        {{"shape", timing.shape},
         {"milliseconds", timing.milliseconds},
         {"sdpa_milliseconds", timing.sdpa_milliseconds},
         {"ratio", timed ? Json(timing.sdpa_milliseconds / timing.milliseconds) : Json()}});
  }
  fields["not_proven"] = Json::array();
  for (const Text& missing : report.not_proven) fields["not_proven"].push_back(missing.english());
  return fields;
}

Json receipt_fields(const install::Receipt& receipt) {
  Json fields = Json::parse(install::receipt_to_json(receipt));
  if (fields.contains("url") && fields["url"].is_string()) {
    fields["url"] = system::redacted(fields["url"].get<std::string>());
  }
  return fields;
}

}  // namespace

Json install_json(const InstallView& view) {
  return {{"schema_version", 1},
          {"outcome", to_string(view.outcome)},
          {"receipt", receipt_fields(view.receipt)},
          {"replaced", view.replaced},
          {"verification", view.report == nullptr ? Json() : report_json(*view.report)}};
}

Json verify_json(const verify::Report& report, const install::Receipt* receipt) {
  Json document = {{"schema_version", 1}};
  document.update(report_json(report));
  document["receipt"] = receipt == nullptr ? Json() : receipt_fields(*receipt);
  return document;
}

Json uninstall_json(const UninstallView& view) {
  Json rows = Json::array();
  for (const RemovedDistribution& gone : view.distributions) {
    rows.push_back({{"name", gone.name},
                    {"version", gone.version},
                    {"files", gone.files},
                    {"bytes", gone.bytes ? Json(*gone.bytes) : Json()}});
  }
  return {{"schema_version", 1},
          {"outcome", view.outcome == UninstallOutcome::removed ? "removed" : "dry-run"},
          {"asked_for", view.asked_for},
          {"distributions", rows}};
}

Json fetch_json(const FetchView& view) {
  const std::string url = system::redacted(view.artifact.url());
  return {{"schema_version", 1},
          {"name", view.artifact.file_name},
          {"url", or_null(url)},
          {"path", view.file.path.string()},
          {"sha256", view.file.sha256},
          {"size", view.file.size},
          {"from_store", view.file.from_store},
          {"bytes_transferred", view.file.bytes_transferred}};
}

}  // namespace wheelfit::render
