// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "render/doctor.hpp"
#include "render/environment_words.hpp"
#include "render/page.hpp"
#include "render/units.hpp"
#include "system/url.hpp"

namespace wheelfit::render {
namespace {

using diagnose::Finding;
using diagnose::Severity;
using diagnose::Sight;
using diagnose::Verdict;
using system::HttpHop;

void add_conclusion(const diagnose::Diagnosis& diagnosis, const Style& style, Page& page) {
  switch (diagnosis.verdict()) {
    case Verdict::sound:
      page.line(said(text("Sound: nothing was found that would make an install fail here"), style),
                Tone::good);
      break;
    case Verdict::warnings:
      page.line(
          said(text("Nothing was found that must make an install fail here, but there are warnings"), style),
          Tone::doubtful);
      break;
    case Verdict::broken:
      page.line(said(text("Broken: an install would fail here"), style), Tone::bad);
      break;
  }
}

void add_finding(const Finding& finding, const Style& style, Page& page) {
  std::string words = said(finding.text, style);
  if (!finding.because.empty()) words = said(text("{}: {}", words, said(finding.because, style)), style);
  switch (finding.severity) {
    case Severity::broken:
      page.field(text("broken"), words, Tone::bad);
      break;
    case Severity::warning:
      page.field(text("warning"), words, Tone::doubtful);
      break;
    case Severity::note:
      page.field(text("note"), words);
      break;
  }
  for (const Text& cure : finding.cures) page.under(said(cure, style), Tone::good);
}

void add_environment(const probe::Environment& environment, const Style& style, Page& page) {
  page.field(text("found"),
             listed({python_words(environment, style), torch_words(environment.torch, style)}, style));
  page.more(listed({libc_words(environment.libc, style), gpu_words(environment.accelerators, style),
                    driver_words(environment.accelerators, style)},
                   style));
}

void add_room(const probe::Machine& machine, const Style& style, Page& page) {
  bool first = true;
  for (const probe::Room& room : machine.rooms) {
    const std::string words = said(text("{} free for {}", bytes_text(room.free_bytes), room.role), style);
    const std::string aside = listed({room.filesystem, room.path.string()}, style);
    if (std::exchange(first, false))
      page.field(text("room"), words, Tone::plain, aside);
    else
      page.more(words, Tone::plain, aside);
  }
}

std::string folder_words(const diagnose::Folder& folder, const Style& style) {
  if (!folder.exists) return said(text("not there yet"), style);
  const std::string size = bytes_text(folder.bytes);
  return folder.counted_all ? said(plural(folder.files, text("{} file, {}", folder.files, size),
                                          text("{} files, {}", folder.files, size)),
                                   style)
                            : said(text("more than {} files, more than {}", folder.files, size), style);
}

void add_folders(const DoctorView& view, const Style& style, Page& page) {
  const diagnose::Surroundings& seen = view.diagnosis.surroundings;
  if (seen.pip_cache) {
    page.field(
        text("pip's cache"), folder_words(*seen.pip_cache, style), Tone::plain,
        listed({seen.pip_cache->path.string(), view.environment.installer.cache_directory.source}, style));
  }
  if (seen.store)
    page.field(text("store"), folder_words(*seen.store, style), Tone::plain, seen.store->path.string());
}

std::string milliseconds(double seconds) { return fmt::format("{:.0f} ms", seconds * 1000); }

// How far it came, and when.
std::string steps(const HttpHop& hop, const Style& style) {
  std::vector<std::string> parts;
  const auto add = [&](const std::optional<double>& after, const Text& words) {
    if (after) parts.push_back(said(words, style) + " " + milliseconds(*after));
  };
  add(hop.resolved, hop.proxy ? text("proxy's name") : text("name"));
  add(hop.connected, hop.proxy ? text("proxy") : text("connection"));
  add(hop.secured, text("TLS"));
  add(hop.status != 0 ? hop.answered : std::nullopt, text("answer"));
  if (hop.fault) parts.push_back(said(text("after {}", milliseconds(hop.total)), style));
  return listed(parts, style);
}

std::string host_of(const std::string& address) {
  const auto url = system::parse_url(address);
  return url ? url->host : system::redacted(address);
}

Text name_of(diagnose::Role role) {
  using diagnose::Role;
  switch (role) {
    case Role::github_api:
      return text("GitHub's API");
    case Role::release:
      return text("a release's file");
    case Role::mirror:
      return text("a mirror's file");
    case Role::index:
      return text("package index");
    case Role::extra_index:
      return text("further index");
    case Role::find_links:
      return text("find-links");
    case Role::hugging_face:
      return text("Hugging Face");
    case Role::conda_channel:
      return text("conda channel");
  }
  return {};
}

std::string verdict_words(const HttpHop& hop, const Style& style) {
  if (hop.fault) return said(text("failed"), style);
  return hop.status >= 400 ? said(text("answers {}", hop.status), style) : said(text("reached"), style);
}

void add_sight(const Sight& sight, const Style& style, Page& page) {
  std::vector<std::string> hosts;
  for (const HttpHop& hop : sight.hops) {
    const std::string host = host_of(hop.url);
    if (hosts.empty() || hosts.back() != host) hosts.push_back(host);
  }
  const HttpHop& last = sight.hops.back();
  const Tone tone = last.fault || last.status >= 400 ? Tone::bad : Tone::plain;
  page.more(said(name_of(sight.place.role), style) + " " + verdict_words(last, style) + ": " +
                fmt::format("{}", fmt::join(hosts, " → ")),
            tone, steps(last, style));
  const auto left = sight.headers.find("x-ratelimit-remaining");
  const auto limit = sight.headers.find("x-ratelimit-limit");
  if (left != sight.headers.end() && limit != sight.headers.end())
    page.under(said(text("{} of {} questions left this hour", left->second, limit->second), style),
               Tone::dim);
}

// Said once for all places.
void add_ways(const std::vector<Sight>& sights, const Style& style, Page& page) {
  std::set<std::string> proxies, certificates;
  for (const Sight& sight : sights) {
    for (const HttpHop& hop : sight.hops) {
      if (hop.proxy) {
        proxies.insert(said(text("{} (from {})", system::redacted(*hop.proxy), hop.proxy.source), style));
      } else if (!hop.proxy.source.empty()) {
        proxies.insert(said(text("none for {} (from {})", host_of(hop.url), hop.proxy.source), style));
      }
      if (hop.certificates)
        certificates.insert(
            said(text("{} (from {})", hop.certificates->string(), hop.certificates.source), style));
    }
  }
  const auto joined = [&](const std::set<std::string>& words, const Text& none) {
    return words.empty() ? said(none, style) : listed({words.begin(), words.end()}, style);
  };
  page.field(text("proxy"), joined(proxies, text("none")));
  page.field(text("certificates"), joined(certificates, text("the machine's own")));
}

void add_network(const diagnose::Diagnosis& diagnosis, const Style& style, Page& page) {
  if (!diagnosis.network)
    return page.field(text("network"), said(text("not asked (--offline)"), style), Tone::dim);
  if (diagnosis.network->empty()) return;
  add_ways(*diagnosis.network, style, page);
  page.field(text("network"), said(text("what an install would ask, each once:"), style));
  for (const Sight& sight : *diagnosis.network) add_sight(sight, style, page);
}

}  // namespace

std::string doctor_text(const DoctorView& view, const Style& style) {
  Page page(style);
  add_conclusion(view.diagnosis, style, page);
  page.blank();
  for (const Finding& finding : view.diagnosis.findings) add_finding(finding, style, page);
  if (!view.diagnosis.findings.empty()) page.blank();
  add_environment(view.environment, style, page);
  add_room(view.environment.machine, style, page);
  add_folders(view, style, page);
  add_network(view.diagnosis, style, page);
  return page.text();
}

}  // namespace wheelfit::render
