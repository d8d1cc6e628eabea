// SPDX-License-Identifier: Apache-2.0
#include "commands/seed_links.hpp"

#include <algorithm>

#include "base/activity.hpp"
#include "base/error.hpp"
#include "catalog/link.hpp"
#include "catalog/page_reader.hpp"
#include "commands/environment_step.hpp"
#include "commands/no_network.hpp"
#include "pipcache/format_control.hpp"
#include "pipcache/index_links.hpp"
#include "pipcache/pip_release.hpp"
#include "system/files.hpp"
#include "system/percent.hpp"
#include "system/url.hpp"

namespace wheelfit::commands {

namespace {

// As this pip asks. The package index gives HTML to pip 22.2 and 22.3, whatever they accept (seen in November
// 2026), and their directory is another one then; all other pips get what wheelfit gets.
catalog::PageRequest asked_by(const python::Version& pip, const std::string& address) {
  const bool takes_json = pipcache::is_at_least(pip, 22, 2);
  catalog::PageRequest request;
  request.url = address;
  request.accept = takes_json
                       ? "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html; q=0.1, "
                         "text/html; q=0.01"
                       : "text/html";
  if (takes_json && !pipcache::is_at_least(pip, 23, 0))
    request.user_agent = "pip/" + pip.to_string() + " wheelfit";
  return request;
}

// pip takes what stands before '@' out of the address before it asks.
std::string without_credentials(std::string address) {
  const std::size_t host = address.find("://");
  if (host == std::string::npos) return address;
  const std::size_t end = std::min(address.find_first_of("/?#", host + 3), address.size());
  const std::size_t at = address.rfind('@', end);
  if (at != std::string::npos && at > host) address.erase(host + 3, at - host - 2);
  return address;
}

std::string page_address(std::string index, const std::string& package) {
  while (index.ends_with('/')) index.pop_back();
  return index + "/" + package + "/";
}

// A page of an index, as bytes.
struct RawPage {
  std::string bytes;
  std::string content_type;
  std::string url;
};

std::optional<RawPage> local_page(const std::string& address) {
  const auto directory = catalog::path_of_file_address(address);
  const auto bytes = directory ? system::read_file_if_any(*directory / "index.html") : std::nullopt;
  if (!bytes) return std::nullopt;
  return RawPage{*bytes, "text/html", address + "index.html"};
}

// The files of a directory as the page of links that pip makes of them.
std::string listing_of(const std::filesystem::path& directory) {
  std::vector<std::string> names;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(directory, failed))
    names.push_back(system::percent_encoded(entry.path().filename().string()));
  std::sort(names.begin(), names.end());
  std::string page;
  for (const std::string& name : names) page += "<a href=\"" + name + "\"></a>\n";
  return page;
}

// nullopt: the index does not know the package. Throws Error{unreachable}.
std::optional<RawPage> read_page(const std::string& address, const TargetPip& pip,
                                 catalog::PageReader& pages) {
  if (address.starts_with("file:")) return local_page(address);
  const catalog::PageAnswer answer = pages.read(asked_by(pip.version, address));
  if (answer.missing) return std::nullopt;
  if (!answer.page) {
    throw Error(ErrorKind::unreachable,
                text("{} cannot be read: {}", system::redacted(address), answer.trouble.english()),
                {text("give the link that pip would use: wheelfit seed --link URL")})
        .with_code(pages.offline() ? "offline" : "");
  }
  return RawPage{answer.page->body, answer.page->content_type, without_credentials(answer.page->address)};
}

// A place of --find-links as pip reads it: a directory's files, or a page of links.
std::optional<RawPage> find_links_page(const std::string& place, const TargetPip& pip,
                                       catalog::PageReader& pages) {
  auto local = catalog::path_of_file_address(place);
  if (!local && place.find("://") == std::string::npos) local = std::filesystem::absolute(place);
  if (!local) return read_page(place, pip, pages);
  const std::string address = system::file_address(local->lexically_normal());
  if (std::filesystem::is_directory(*local)) return RawPage{listing_of(*local), "text/html", address + "/"};
  const auto bytes = system::read_file_if_any(*local);
  return bytes ? std::optional(RawPage{*bytes, "text/html", address}) : std::nullopt;
}

// What the pages offer, and what pip makes of it.
class Pages {
 public:
  Pages(const std::string& package, const TargetPip& pip, const probe::Environment& environment) : pip_(pip) {
    wish_.package = package;
    wish_.python = *environment.interpreter.version;
    wish_.target = probe::tag_target(environment);
    const probe::InstallerSettings& settings = environment.installer;
    wish_.prereleases = settings.prereleases && *settings.prereleases;
    wish_.prefer_binary = settings.prefer_binary && *settings.prefer_binary;
    wish_.ignore_requires_python = settings.ignore_requires_python && *settings.ignore_requires_python;
    const auto formats = pipcache::formats_of(package, settings.no_binary, settings.only_binary);
    wish_.wheels = !(formats.no_wheels && *formats.no_wheels);
    wish_.sources = !(formats.no_sources && *formats.no_sources);
  }

  void add(const RawPage& page) {
    const auto links = pipcache::page_links({page.bytes, page.content_type, page.url}, pip_.version);
    if (!links) {
      throw Error(ErrorKind::unreachable,
                  text("{} cannot be used: {}", system::redacted(page.url), links.error().message));
    }
    pages_.push_back(*links);
    all_.insert(all_.end(), links->begin(), links->end());
  }

  // Without a version: what the name alone would get.
  std::optional<pipcache::Choice> choice(const std::string& version) const {
    return chosen(all_, version, wish_);
  }

  // The source distribution of `version` on every page: pip may take any of them.
  std::vector<pipcache::Choice> sources(const std::string& version) const {
    pipcache::IndexWish sources_only = wish_;
    sources_only.wheels = false;
    sources_only.sources = true;
    std::vector<pipcache::Choice> found;
    for (const std::vector<pipcache::PageLink>& page : pages_)
      if (auto one = chosen(page, version, sources_only)) found.push_back(std::move(*one));
    return found;
  }

 private:
  std::optional<pipcache::Choice> chosen(const std::vector<pipcache::PageLink>& links,
                                         const std::string& version, pipcache::IndexWish wish) const {
    if (!version.empty()) wish.specifiers = python::SpecifierSet::parse("==" + version).value();
    return pipcache::choose_link(links, wish, pip_.version);
  }

  const TargetPip& pip_;
  pipcache::IndexWish wish_;
  std::vector<std::vector<pipcache::PageLink>> pages_;
  std::vector<pipcache::PageLink> all_;
};

SeedLink seed_link(const pipcache::Link& link, const TargetPip& pip) {
  return {shown_link(link.url), link, pipcache::key_directories(link, pip.interpreter, pip.version)};
}

SeedLinks judged(const Pages& pages, const std::string& package, const std::string& version,
                 const TargetPip& pip) {
  SeedLinks found;
  for (const pipcache::Choice& source : pages.sources(version)) {
    const SeedLink link = seed_link(source.held, pip);
    const bool known = std::any_of(found.links.begin(), found.links.end(), [&](const SeedLink& other) {
      return other.directories == link.directories;
    });
    if (!known) found.links.push_back(link);
  }
  const auto pinned = pages.choice(version);
  if (pinned && pinned->is_wheel) {
    found.obstacles.push_back(
        {"index-wheel", text("the index holds a wheel of {} {} that pip takes as it is: {}", package, version,
                             pinned->held.file_name)});
  } else if (found.links.empty()) {
    found.obstacles.push_back(
        {"no-source",
         text("the index holds no source distribution of {} {} for this Python, so pip never looks "
              "for a built one",
              package, version)});
  }
  const auto free = pages.choice("");
  if (free && !free->is_wheel) found.newest_source = free->version.to_string();
  found.unpinned = free && !free->is_wheel && free->version.to_string() == version;
  if (free && !found.unpinned && found.obstacles.empty()) {
    found.notes.push_back({"other-version", text("without a version pip takes {} {}, not {}", package,
                                                 free->version.to_string(), version)});
  }
  return found;
}

}  // namespace

TargetPip target_pip(const probe::Environment& environment) {
  const probe::Interpreter& interpreter = environment.interpreter;
  if (!interpreter.version) {
    throw Error(ErrorKind::usage,
                text("which Python it is for is not known, and the directory depends on it"),
                {text("say it: --set python=3.11")});
  }
  if (!environment.installer.pip_version) {
    throw Error(ErrorKind::usage, text("which pip it is for is not known, and the directory depends on it"),
                {text("say it: --set pip=23.2.1")});
  }
  const std::string implementation = interpreter.implementation ? *interpreter.implementation : "cpython";
  return {*environment.installer.pip_version,
          pipcache::key_interpreter(implementation, *interpreter.version)};
}

SeedLinks given_link(const std::string& link, const TargetPip& pip) {
  const auto held = pipcache::parse_link(link, pip.version);
  if (!held)
    throw Error(ErrorKind::usage,
                text("pip {} cannot read the link {}", pip.version.to_string(), shown_link(link)));
  SeedLinks links;
  links.links.push_back(seed_link(*held, pip));
  return links;
}

SeedLinks index_links(const std::string& package, const python::Version& version, const TargetPip& pip,
                      const probe::Environment& environment, const Settings& settings, system::World& world,
                      system::HttpClient* http, Reporter& report) {
  const catalog::ListingRequest request = listing_request(settings, environment, world);
  std::vector<std::string> indexes = request.indexes.extra_index_urls;
  if (!request.indexes.index_url.empty()) indexes.insert(indexes.begin(), request.indexes.index_url);
  if (indexes.empty() && request.indexes.find_links.empty()) {
    throw Error(ErrorKind::unreachable,
                text("no package index is set, so the link that pip would use is not known"),
                {text("give --index-url, or the link: wheelfit seed --link URL")});
  }
  NoNetwork none;
  system::HttpClient& client = http != nullptr ? *http : none;
  catalog::PageReader reader(client, world.clock, request.cache, request.offline);
  Pages pages(package, pip, environment);
  const Activity reading(report, text("Reading the index as pip does"));
  for (const std::string& index : indexes) {
    try {
      if (const auto page = read_page(page_address(index, package), pip, reader)) pages.add(*page);
    } catch (const Error& error) {
      if (index == indexes.front()) throw;
      report.note(error.sentence());
    }
  }
  for (const std::string& place : request.indexes.find_links) {
    try {
      if (const auto page = find_links_page(place, pip, reader)) pages.add(*page);
    } catch (const Error& error) {
      report.note(error.sentence());
    }
  }
  return judged(pages, package, version.to_string(), pip);
}

}  // namespace wheelfit::commands
