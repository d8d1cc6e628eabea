// SPDX-License-Identifier: Apache-2.0
#include <charconv>

#include <nlohmann/json.hpp>

#include "render/doctor.hpp"
#include "render/json_fields.hpp"
#include "system/url.hpp"

namespace wheelfit::render {
namespace {

using nlohmann::ordered_json;
using system::redacted;

ordered_json milliseconds(const std::optional<double>& seconds) {
  return seconds ? ordered_json(static_cast<std::int64_t>(*seconds * 1000 + 0.5)) : ordered_json();
}

ordered_json finding_json(const diagnose::Finding& finding) {
  ordered_json cures = ordered_json::array();
  for (const Text& cure : finding.cures) cures.push_back(cure.english());
  return {{"section", to_string(finding.section)},
          {"severity", to_string(finding.severity)},
          {"code", finding.code},
          {"text", finding.because.empty() ? finding.text.english()
                                           : finding.text.english() + ": " + finding.because.english()},
          {"cures", std::move(cures)}};
}

ordered_json folder_json(const std::optional<diagnose::Folder>& folder, const std::string& source) {
  if (!folder) return {{"path", nullptr}, {"source", or_null(source)}};
  return {{"path", folder->path.string()},
          {"source", or_null(source)},
          {"exists", folder->exists},
          {"writable", folder->writable},
          {"owner", or_null(folder->owner)},
          {"filesystem", or_null(folder->filesystem)},
          {"files", folder->files},
          {"bytes", folder->bytes},
          {"counted_all", folder->counted_all}};
}

ordered_json tls_json(const std::optional<system::TlsNames>& tls) {
  if (!tls) return nullptr;
  return {{"subject", tls->subject}, {"issuer", tls->issuer}, {"expires", tls->expires}};
}

ordered_json hop_json(const system::HttpHop& hop) {
  ordered_json json;
  json["url"] = redacted(hop.url);
  json["status"] = hop.status == 0 ? ordered_json() : ordered_json(hop.status);
  json["proxy"] = hop.proxy ? ordered_json(redacted(*hop.proxy)) : ordered_json();
  json["proxy_source"] = or_null(hop.proxy.source);
  json["certificates"] = hop.certificates ? ordered_json(hop.certificates->string()) : ordered_json();
  json["certificates_source"] = or_null(hop.certificates.source);
  json["verified"] = hop.verified;
  json["peer"] = or_null(hop.peer);
  json["milliseconds"] = {{"resolved", milliseconds(hop.resolved)},
                          {"connected", milliseconds(hop.connected)},
                          {"secured", milliseconds(hop.secured)},
                          {"answered", hop.status == 0 ? ordered_json() : milliseconds(hop.answered)},
                          {"total", milliseconds(hop.total)}};
  json["tls"] = tls_json(hop.tls);
  json["fault"] = hop.fault
                      ? ordered_json{{"code", hop.fault->code()}, {"text", hop.fault->sentence().english()}}
                      : ordered_json();
  return json;
}

ordered_json number_in(const diagnose::Sight& sight, std::string_view header) {
  const auto found = sight.headers.find(header);
  if (found == sight.headers.end()) return nullptr;
  std::int64_t number = 0;
  const std::string& written = found->second;
  const auto read = std::from_chars(written.data(), written.data() + written.size(), number);
  return read.ec == std::errc() ? ordered_json(number) : ordered_json();
}

ordered_json place_json(const diagnose::Sight& sight) {
  ordered_json hops = ordered_json::array();
  for (const system::HttpHop& hop : sight.hops) hops.push_back(hop_json(hop));
  ordered_json json;
  json["role"] = to_string(sight.place.role);
  json["url"] = redacted(sight.place.url);
  json["setting"] = or_null(sight.place.setting.source);
  json["token"] = sight.place.token.has_value();
  json["rate_limit"] = {{"limit", number_in(sight, "x-ratelimit-limit")},
                        {"remaining", number_in(sight, "x-ratelimit-remaining")},
                        {"reset", number_in(sight, "x-ratelimit-reset")}};
  json["untrusted_certificate"] = tls_json(sight.shown);
  json["answers_through"] = ordered_json::array();
  for (const Fact<std::string>& proxy : sight.answers_through)
    json["answers_through"].push_back({{"proxy", redacted(*proxy)}, {"source", proxy.source}});
  json["hops"] = std::move(hops);
  return json;
}

ordered_json environment_json(const probe::Environment& environment) {
  const auto version = [](const Fact<python::Version>& fact) {
    return fact ? ordered_json(fact->to_string()) : ordered_json();
  };
  ordered_json json;
  const auto& executable = environment.interpreter.executable;
  json["executable"] = executable ? ordered_json(executable->string()) : ordered_json();
  json["python"] = version(environment.interpreter.version);
  json["torch"] = version(environment.torch.version);
  json["driver"] = environment.accelerators.driver
                       ? ordered_json(probe::driver_text(*environment.accelerators.driver))
                       : ordered_json();
  json["pip"] = version(environment.installer.pip_version);
  return json;
}

}  // namespace

ordered_json doctor_json(const DoctorView& view) {
  const diagnose::Diagnosis& diagnosis = view.diagnosis;
  ordered_json document{{"schema_version", 1}, {"verdict", to_string(diagnosis.verdict())}};
  document["environment"] = environment_json(view.environment);
  document["findings"] = ordered_json::array();
  for (const diagnose::Finding& finding : diagnosis.findings)
    document["findings"].push_back(finding_json(finding));
  document["room"] = ordered_json::array();
  for (const probe::Room& room : view.environment.machine.rooms) {
    document["room"].push_back({{"role", room.role},
                                {"path", room.path.string()},
                                {"filesystem", or_null(room.filesystem)},
                                {"free_bytes", room.free_bytes}});
  }
  const diagnose::Surroundings& seen = diagnosis.surroundings;
  document["pip_cache"] = folder_json(seen.pip_cache, view.environment.installer.cache_directory.source);
  document["store"] = folder_json(seen.store, "");
  document["network"] = nullptr;
  if (diagnosis.network) {
    document["network"] = ordered_json::array();
    for (const diagnose::Sight& sight : *diagnosis.network) document["network"].push_back(place_json(sight));
  }
  return document;
}

}  // namespace wheelfit::render
