// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>

#include <fmt/chrono.h>

#include "diagnose/judge.hpp"
#include "system/url.hpp"

namespace wheelfit::diagnose {
namespace {

using system::HttpHop;

// Without it nothing can be installed; the rest has a substitute.
bool is_needed(Role role) { return role == Role::release || role == Role::index; }

std::string host_of(const std::string& address) {
  const auto url = system::parse_url(address);
  return url ? url->host : system::redacted(address);
}

// "http://USER:PASSWORD@proxy:3128"
std::string with_login(const std::string& proxy) {
  const std::string shown = system::redacted(proxy);
  const std::size_t begin = shown.find("://");
  return begin == std::string::npos ? shown
                                    : shown.substr(0, begin + 3) + "USER:PASSWORD@" + shown.substr(begin + 3);
}

// The line that gives `setting` another value, whatever kind of setting it is.
Text line_for(const std::string& setting, const std::string& pip_option, const std::string& value) {
  if (setting.starts_with("--")) return text("{} {}", setting, value);
  if (setting.find('/') != std::string::npos) return text("pip config set global.{} {}", pip_option, value);
  return text("export {}={}", setting, value);
}

Text mirror_line(Role role) {
  if (role == Role::github_api)
    return text("--github-api https://MIRROR: a mirror that answers in its place");
  if (role == Role::release)
    return text("--github https://MIRROR: a mirror that serves the downloads in its place");
  if (role == Role::mirror) return text("--github-mirror https://MIRROR: another one");
  if (role == Role::hugging_face) return text("export HF_ENDPOINT=https://MIRROR");
  if (role == Role::conda_channel) return text("--conda-channel https://MIRROR/CHANNEL: another one");
  return text("pip config set global.index-url https://MIRROR/simple");
}

std::string variable_for(const std::string& address) {
  return address.starts_with("http://") ? "HTTP_PROXY" : "HTTPS_PROXY";
}

// A proxy that only another program is told to use, and through which it does work.
std::vector<Text> cures_by_other_proxy(const Sight& sight, const HttpHop& hop) {
  const Fact<std::string>& proxy = sight.answers_through.front();
  const auto url = system::parse_url(*proxy);
  std::vector<Text> cures{text("export {}={}", variable_for(hop.url), system::redacted(*proxy))};
  cures.push_back(
      url && !url->userinfo.empty()
          ? text("this proxy stands in {}, with its user name and password; through it there is an answer",
                 proxy.source)
          : text("this proxy stands in {}; through it there is an answer", proxy.source));
  return cures;
}

std::vector<Text> cures_for_connection(const Sight& sight, const HttpHop& hop) {
  if (!sight.answers_through.empty()) return cures_by_other_proxy(sight, hop);
  const Role role = sight.place.role;
  const std::string host = host_of(hop.url);
  std::vector<Text> cures;
  if (hop.proxy) {
    cures.push_back(line_for(hop.proxy.source, "proxy", "http://PROXY:PORT"));
    cures.push_back(text("or, where no proxy is needed: export NO_PROXY={}", host));
  } else if (!hop.proxy.source.empty()) {
    cures.push_back(text("{} keeps {} from the proxy: take it out there, if the proxy is needed",
                         hop.proxy.source, host));
  } else {
    cures.push_back(text("export {}={}", variable_for(hop.url), "http://PROXY:PORT"));
  }
  cures.push_back(mirror_line(role));
  return cures;
}

std::vector<Text> cures_for_certificate(const Sight& sight, const HttpHop& hop) {
  std::vector<Text> cures;
  if (hop.certificates) {
    cures.push_back(text("{} names {}: put the certificate of that authority into it",
                         hop.certificates.source, hop.certificates->string()));
  } else {
    cures.push_back(text("pip config set global.cert FILE"));
    cures.push_back(text("or --cacert FILE, with the certificate of the authority that your network uses"));
  }
  if (sight.place.role == Role::index || sight.place.role == Role::extra_index)
    cures.push_back(
        text("or, without any protection: pip config set global.trusted-host {}", host_of(hop.url)));
  return cures;
}

Finding finding(Severity severity, std::string code, Text sentence, std::vector<Text> cures) {
  return {Section::network, severity, std::move(code), std::move(sentence), std::move(cures)};
}

Text unreachable(const Sight& sight) {
  switch (sight.place.role) {
    case Role::github_api:
      return text("GitHub's API cannot be reached");
    case Role::release:
      return sight.hops.size() > 1 ? text("the object store behind GitHub's releases cannot be reached")
                                   : text("GitHub's releases cannot be reached");
    case Role::mirror:
      return text("a mirror of GitHub cannot be reached");
    case Role::index:
      return text("the package index cannot be reached");
    case Role::extra_index:
      return text("the further package index cannot be reached");
    case Role::find_links:
      return text("the page of links cannot be reached");
    case Role::hugging_face:
      return text("Hugging Face cannot be reached");
    case Role::conda_channel:
      return text("the conda channel cannot be reached");
  }
  return {};
}

Finding judge_fault(const Sight& sight, const HttpHop& hop) {
  const Error& fault = *hop.fault;
  const Severity severity = is_needed(sight.place.role) ? Severity::broken : Severity::warning;
  Finding found = finding(severity, fault.code(), unreachable(sight), {});
  found.because = fault.sentence();
  if (fault.code() == "proxy-auth" && sight.answers_through.empty()) {
    found.cures.push_back(line_for(hop.proxy.source, "proxy", with_login(hop.proxy.value.value_or(""))));
  } else if (fault.code() == "tls") {
    if (sight.shown && !sight.shown->issuer.empty())
      found.because = text("its certificate is issued by {}, whom nothing here trusts", sight.shown->issuer);
    found.cures = cures_for_certificate(sight, hop);
  } else if (fault.code() == "tls-date" || fault.code() == "tls-name") {
    found.cures = fault.cures();
    found.cures.push_back(mirror_line(sight.place.role));
  } else {
    found.cures = cures_for_connection(sight, hop);
  }
  return found;
}

std::string header(const Sight& sight, std::string_view name) {
  const auto found = sight.headers.find(name);
  return found == sight.headers.end() ? "" : found->second;
}

// "2026-08-16 14:05 UTC" of the header's seconds; "" where there is none.
std::string time_in(const Sight& sight, std::string_view name) {
  const std::string written = header(sight, name);
  std::int64_t seconds = 0;
  const auto read = std::from_chars(written.data(), written.data() + written.size(), seconds);
  if (read.ec != std::errc() || seconds <= 0) return "";
  return fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(static_cast<std::time_t>(seconds)));
}

std::optional<Finding> judge_api(const Sight& sight, int status) {
  const bool token = sight.place.token.has_value();
  if (status == 401 && token) {
    return finding(
        Severity::warning, "token", text("GitHub's API does not accept the token in GITHUB_TOKEN"),
        {text("unset GITHUB_TOKEN"), text("or export GITHUB_TOKEN=TOKEN, with one that is valid")});
  }
  const bool spent = header(sight, "x-ratelimit-remaining") == "0" || status == 429;
  if ((status == 403 && spent) || status == 429) {
    const std::string until = time_in(sight, "x-ratelimit-reset");
    Text sentence = until.empty() ? text("GitHub's API limits how often it may be asked")
                                  : text("GitHub's API limits how often it may be asked, until {}", until);
    std::vector<Text> cures;
    if (!token)
      cures.push_back(
          text("export GITHUB_TOKEN=TOKEN: any token, without any right, may ask 5000 times an hour"));
    cures.push_back(text("nothing is lost meanwhile: the built-in list of wheels serves"));
    return finding(Severity::warning, "rate-limit", std::move(sentence), std::move(cures));
  }
  if (status < 400) return std::nullopt;
  return finding(
      Severity::warning, "status", text("GitHub's API answers {}", status),
      {mirror_line(Role::github_api), text("nothing is lost meanwhile: the built-in list of wheels serves")});
}

std::optional<Finding> judge_index(const Sight& sight, const HttpHop& hop, const std::string& package) {
  const std::string host = host_of(hop.url);
  const Severity severity = is_needed(sight.place.role) ? Severity::broken : Severity::warning;
  if (hop.status == 401 || hop.status == 403) {
    return finding(severity, "credentials", text("{} wants a user name and a password, or other ones", host),
                   {text("into ~/.netrc: machine {} login USER password PASSWORD", host),
                    text("or pip config set global.index-url https://USER:PASSWORD@{}/simple", host)});
  }
  if (hop.status == 404 || hop.status == 410) {
    return finding(
        Severity::warning, "not-in-index", text("{} answers, but knows no {}", host, package),
        {text("see that its address ends where the package names begin, as in https://{}/simple", host)});
  }
  if (hop.status < 400) return std::nullopt;
  return finding(severity, "status", text("{} answers {}", host, hop.status),
                 {mirror_line(sight.place.role)});
}

std::optional<Finding> judge_channel(const HttpHop& hop) {
  const std::string host = host_of(hop.url);
  if (hop.status == 401 || hop.status == 403) {
    return finding(Severity::warning, "credentials",
                   text("{} wants a user name and a password, or other ones", host),
                   {text("into ~/.netrc: machine {} login USER password PASSWORD", host)});
  }
  if (hop.status == 404 || hop.status == 410) {
    return finding(
        Severity::warning, "no-channel", text("{} answers, but no conda channel is at that address", host),
        {text("see that its address ends where the platforms begin, as in https://{}/CHANNEL", host)});
  }
  if (hop.status < 400) return std::nullopt;
  return finding(Severity::warning, "status", text("{} answers {}", host, hop.status),
                 {mirror_line(Role::conda_channel)});
}

bool serves_in_its_place(const Sight& sight) {
  if (sight.place.role != Role::mirror || sight.hops.empty()) return false;
  const HttpHop& last = sight.hops.back();
  return !last.fault && last.status < 400;
}

}  // namespace

std::optional<Finding> judge_sight(const Sight& sight, const std::string& package) {
  if (sight.hops.empty()) return std::nullopt;
  const HttpHop& last = sight.hops.back();
  if (last.fault) return judge_fault(sight, last);
  switch (sight.place.role) {
    case Role::github_api:
      return judge_api(sight, last.status);
    case Role::index:
    case Role::extra_index:
    case Role::find_links:
      return judge_index(sight, last, package);
    case Role::conda_channel:
      return judge_channel(last);
    case Role::release:
    case Role::mirror:
    case Role::hugging_face:
      break;
  }
  if (last.status < 400) return std::nullopt;
  const Severity severity = is_needed(sight.place.role) ? Severity::broken : Severity::warning;
  return finding(severity, "status", text("{} answers {}", host_of(last.url), last.status),
                 {mirror_line(sight.place.role)});
}

Finding no_index_known() {
  return finding(
      Severity::note, "no-index",
      text("no package index is known: neither a setting nor an installed pip names one, so none was asked"),
      {text("export PIP_INDEX_URL=https://HOST/simple")});
}

std::vector<Finding> judge_network(const std::vector<Sight>& sights, const std::string& package) {
  std::vector<Finding> findings;
  const bool has_substitute = std::any_of(sights.begin(), sights.end(), serves_in_its_place);
  for (const Sight& sight : sights) {
    auto wrong = judge_sight(sight, package);
    if (!wrong) continue;
    if (sight.place.role == Role::release && has_substitute) {
      wrong->severity = Severity::warning;
      wrong->cures = {text("nothing is lost: a mirror of GitHub answers in its place")};
    }
    findings.push_back(std::move(*wrong));
  }
  return findings;
}

}  // namespace wheelfit::diagnose
