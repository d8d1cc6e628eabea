// SPDX-License-Identifier: Apache-2.0
#include "system/curl_trace.hpp"

#include <string_view>

#include <curl/curl.h>

namespace wheelfit::system {
namespace {

std::optional<double> seconds_of(CURL* easy, CURLINFO which) {
  curl_off_t microseconds = 0;
  if (curl_easy_getinfo(easy, which, &microseconds) != CURLE_OK || microseconds <= 0) return std::nullopt;
  return static_cast<double>(microseconds) / 1e6;
}

std::string text_of(CURL* easy, CURLINFO which) {
  const char* value = nullptr;
  return curl_easy_getinfo(easy, which, &value) == CURLE_OK && value != nullptr ? value : "";
}

// libcurl gives each certificate as lines "Subject:…"; the host's own comes first.
std::optional<TlsNames> names_of(CURL* easy) {
  curl_certinfo* chain = nullptr;
  if (curl_easy_getinfo(easy, CURLINFO_CERTINFO, &chain) != CURLE_OK || chain == nullptr) return std::nullopt;
  if (chain->num_of_certs == 0) return std::nullopt;
  TlsNames names;
  for (const curl_slist* line = chain->certinfo[0]; line != nullptr; line = line->next) {
    const std::string_view written(line->data);
    const std::size_t colon = written.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view key = written.substr(0, colon);
    const std::string value(written.substr(colon + 1));
    if (key == "Subject") names.subject = value;
    if (key == "Issuer") names.issuer = value;
    if (key == "Expire date") names.expires = value;
  }
  return names;
}

}  // namespace

HttpHop hop_of(void* easy, const Route& route, int status) {
  HttpHop hop;
  hop.url = route.url;
  hop.proxy = route.proxy;
  hop.certificates = route.ca_certificate;
  hop.verified = route.verify_tls;
  hop.resolved = seconds_of(easy, CURLINFO_NAMELOOKUP_TIME_T);
  hop.connected = seconds_of(easy, CURLINFO_CONNECT_TIME_T);
  hop.secured = seconds_of(easy, CURLINFO_APPCONNECT_TIME_T);
  hop.answered = seconds_of(easy, CURLINFO_STARTTRANSFER_TIME_T);
  hop.total = seconds_of(easy, CURLINFO_TOTAL_TIME_T).value_or(0);
  hop.peer = text_of(easy, CURLINFO_PRIMARY_IP);
  hop.status = status;
  hop.redirect_to = text_of(easy, CURLINFO_REDIRECT_URL);
  hop.tls = names_of(easy);
  return hop;
}

}  // namespace wheelfit::system
