// SPDX-License-Identifier: Apache-2.0
#include "system/curl_route.hpp"

#include <algorithm>
#include <system_error>

#include <curl/curl.h>

#include "base/error.hpp"
#include "system/ascii.hpp"
#include "system/proxy.hpp"
#include "system/url.hpp"

namespace wheelfit::system {
namespace {

std::optional<std::filesystem::path> existing_file(std::optional<std::string> name) {
  if (!name || !std::filesystem::exists(*name)) return std::nullopt;
  return std::filesystem::path(*name);
}

// Where libcurl was built to look; it refuses every certificate where that file is absent, as in a slim
// container.
bool machine_has_certificates() {
  const curl_version_info_data* built = curl_version_info(CURLVERSION_NOW);
  const char* place = built->cainfo != nullptr ? built->cainfo : built->capath;
  std::error_code failed;
  return place == nullptr || std::filesystem::exists(place, failed);
}

std::optional<std::filesystem::path> netrc_file(const HttpSettings& settings) {
  if (settings.netrc) return settings.netrc;
  if (const auto set = settings.variables.get_nonempty("NETRC")) return existing_file(set);
  const auto home = settings.variables.get_nonempty("HOME");
  if (!home) return std::nullopt;
  const auto file = existing_file(*home + "/.netrc");
  return file ? file : existing_file(*home + "/_netrc");
}

bool is_trusted(const Url& url, const std::vector<std::string>& trusted) {
  return std::any_of(trusted.begin(), trusted.end(), [&](const std::string& host) {
    const std::string name = ascii_lower(host);
    return name == url.host || name == url.host + ":" + std::to_string(url.port);
  });
}

}  // namespace

// pip (requests) puts these two before its own setting.
Fact<std::filesystem::path> trusted_certificates(const HttpSettings& settings) {
  if (settings.ca_certificate) return settings.ca_certificate;
  for (const char* name : {"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"}) {
    if (const auto set = settings.variables.get_nonempty(name)) return {std::filesystem::path(*set), name};
  }
  if (settings.installer_certificate) return settings.installer_certificate;
  for (const char* name : {"SSL_CERT_FILE", "SSL_CERT_DIR"}) {
    if (const auto set = settings.variables.get_nonempty(name)) return {std::filesystem::path(*set), name};
  }
  return machine_has_certificates() ? Fact<std::filesystem::path>() : settings.spare_certificates;
}

Routes::Routes(const HttpSettings& settings)
    : settings_(settings), certificates_(trusted_certificates(settings)), netrc_(netrc_file(settings)) {}

Route Routes::to(const std::string& address, const HttpRequest& request) const {
  const std::optional<Url> url = parse_url(address);
  if (!url) {
    throw Error(ErrorKind::unreachable, text("{} is not an address that can be fetched", redacted(address)))
        .with_code("bad-address");
  }
  Route route;
  route.url = address;
  route.proxy = proxy_for(*url, settings_.proxy, settings_.no_proxy, settings_.variables);
  route.verify_tls = settings_.verify_tls && !is_trusted(*url, settings_.trusted_hosts);
  route.send_token = same_origin(address, request.url);
  const std::optional<Url> first = parse_url(request.url);
  if (!url->userinfo.empty()) {
    route.userinfo = url->userinfo;
  } else if (route.send_token && first && !first->userinfo.empty()) {
    route.userinfo = first->userinfo;
  }
  route.netrc = netrc_;
  route.ca_certificate = certificates_;
  return route;
}

}  // namespace wheelfit::system
