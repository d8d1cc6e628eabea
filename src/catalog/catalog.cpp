// SPDX-License-Identifier: Apache-2.0
#include "catalog/catalog.hpp"

#include <algorithm>
#include <functional>
#include <future>
#include <iterator>

#include "catalog/known_rows.hpp"
#include "catalog/link.hpp"
#include "catalog/page_reader.hpp"
#include "catalog/rows.hpp"
#include "catalog/source_listing.hpp"

namespace wheelfit::catalog {
namespace {

// One listing to be read, of a source of the recipe or of the environment.
struct Task {
  SourceDescription source;
  std::function<SourceListing(PageReader&)> read;
};

bool is_wanted(const SourceDescription& source, const std::optional<std::string>& only) {
  return !only || *only == source.id || *only == to_string(source.trust);
}

SourceDescription of_environment(SourceDescription source, std::string id) {
  source.id = std::move(id);
  source.rows.clear();
  source.rows_text.clear();
  return source;
}

SourceListing without_listing(const Recipe& recipe, const SourceDescription& source,
                              const ListingRequest& request, const Text& trouble) {
  SourceListing listing;
  listing.status.id = source.id;
  fall_back(listing, recipe.name, source, request.github, trouble);
  return listing;
}

// The environment's index, with what is built in where it does not answer.
SourceListing list_own_index(const Recipe& recipe, const SourceDescription& source, const std::string& url,
                             const ListingRequest& request, PageReader& pages) {
  SourceListing listing = list_index(recipe.name, source, url, pages);
  if (!listing.status.live && !listing.found) {
    const Text trouble = listing.status.remark;
    fall_back(listing, recipe.name, source, request.github, trouble);
  }
  return listing;
}

void add_index_tasks(std::vector<Task>& tasks, const Recipe& recipe, const SourceDescription& source,
                     const ListingRequest& request) {
  const std::string url = source.address.empty() ? request.indexes.index_url : source.address;
  if (url.empty()) {
    tasks.push_back({source, [&recipe, source, &request](PageReader& pages) {
                       return without_listing(
                           recipe, source, request,
                           pages.offline() ? Text("offline") : Text("no package index is set"));
                     }});
  } else {
    tasks.push_back({source, [&recipe, source, url, &request](PageReader& pages) {
                       return list_own_index(recipe, source, url, request, pages);
                     }});
  }
  if (!source.address.empty()) return;
  for (const std::string& extra : request.indexes.extra_index_urls) {
    SourceDescription description = of_environment(source, "extra-index");
    tasks.push_back({description, [&recipe, description, extra](PageReader& pages) {
                       return list_index(recipe.name, description, extra, pages);
                     }});
  }
}

void add_link_task(std::vector<Task>& tasks, const Recipe& recipe, const SourceDescription& source,
                   const std::string& place) {
  tasks.push_back({source, [&recipe, source, place](PageReader& pages) {
                     return list_links(recipe.name, source, place, pages);
                   }});
}

std::vector<Task> tasks_for(const Recipe& recipe, const ListingRequest& request) {
  std::vector<Task> tasks;
  for (const SourceDescription& source : recipe.sources) {
    switch (source.kind) {
      case SourceKind::github_releases:
        tasks.push_back({source, [&recipe, source, &request](PageReader& pages) {
                           return list_github(recipe.name, source, request, pages);
                         }});
        break;
      case SourceKind::simple_index:
        add_index_tasks(tasks, recipe, source, request);
        break;
      case SourceKind::find_links:
      case SourceKind::directory:
        add_link_task(tasks, recipe, source, source.address);
        break;
      case SourceKind::conda_channel:  // asked by itself, in list_conda()
        break;
    }
  }
  SourceDescription links;
  links.id = "find-links";
  links.kind = SourceKind::find_links;
  links.trust = Trust::index;
  for (const std::string& place : request.indexes.find_links) add_link_task(tasks, recipe, links, place);
  std::erase_if(tasks, [&](const Task& task) { return !is_wanted(task.source, request.only_source); });
  return tasks;
}

// Sources answer in their own time; all are asked at once and taken in their order. Where nobody is waited
// for, a thread for each would only cost.
std::vector<SourceListing> read_all(const std::vector<Task>& tasks, PageReader& pages) {
  const auto when = pages.offline() ? std::launch::deferred : std::launch::async;
  std::vector<std::future<SourceListing>> running;
  for (const Task& task : tasks) {
    running.push_back(std::async(when, [&task, &pages] { return task.read(pages); }));
  }
  std::vector<SourceListing> listings;
  listings.reserve(running.size());
  for (auto& future : running) listings.push_back(future.get());
  return listings;
}

// Of one version the first that was listed stays: the environment's own index comes before others.
void sort_and_unite(std::vector<SourceDistribution>& sdists) {
  std::ranges::stable_sort(sdists, {}, &SourceDistribution::version);
  const auto rest = std::ranges::unique(sdists, {}, &SourceDistribution::version);
  sdists.erase(rest.begin(), rest.end());
}

// What the environment's own index says of source distributions replaces what is known of the public one.
bool index_answered(const Task& task, const SourceListing& listing) {
  return task.source.kind == SourceKind::simple_index && task.source.id != "extra-index" && listing.found;
}

// The publisher of a wheel given by hand: by its address, else by its name.
const SourceDescription* publisher(const Recipe& recipe, std::string_view file_name, std::string_view url) {
  for (const SourceDescription& source : recipe.sources) {
    if (!source.repository.empty() &&
        url.find("/" + source.repository + "/releases/") != std::string_view::npos) {
      return &source;
    }
  }
  for (const SourceDescription& source : recipe.sources) {
    const auto rows = expand_rows(source.rows_text, recipe.name);
    if (!rows) continue;
    const auto found = std::find_if(rows->begin(), rows->end(),
                                    [file_name](const KnownWheel& wheel) { return wheel.name == file_name; });
    if (found != rows->end()) return &source;
  }
  return nullptr;
}

}  // namespace

Catalog list_candidates(const Recipe& recipe, const ListingRequest& request, system::HttpClient& http,
                        system::Clock& clock, Reporter& report) {
  PageReader pages(http, clock, request.cache, request.offline);
  const std::vector<Task> tasks = tasks_for(recipe, request);
  report.started(text("Looking for wheels of {}", recipe.name), std::nullopt);
  std::vector<SourceListing> listings;
  try {
    listings = read_all(tasks, pages);
  } catch (...) {
    report.finished();
    throw;
  }
  report.finished();

  Catalog catalog;
  catalog.package = recipe.name;
  KnownRows known(recipe);
  bool own_sdists = false;
  std::size_t count = 0;
  for (const SourceListing& listing : listings) count += listing.wheels.size();
  catalog.candidates.reserve(count);
  for (std::size_t i = 0; i < listings.size(); ++i) {
    SourceListing& listing = listings[i];
    for (Shared<Candidate>& wheel : listing.wheels) {
      wheel.edit().knowledge = known.about(wheel->fields, wheel->source_id, wheel->release);
    }
    own_sdists = own_sdists || index_answered(tasks[i], listing);
    listing.status.wheels = listing.wheels.size();
    catalog.sources.push_back(std::move(listing.status));
    std::move(listing.sdists.begin(), listing.sdists.end(), std::back_inserter(catalog.sdists));
    catalog.candidates.insert(catalog.candidates.end(), listing.wheels.begin(), listing.wheels.end());
  }
  if (!own_sdists) {
    for (const python::Version& version : recipe.sdists) catalog.sdists.push_back({version, {}, {}, {}, {}});
  }
  sort_and_unite(catalog.sdists);
  return catalog;
}

Candidate candidate_from_file_name(std::string_view file_name, std::string url, std::string source,
                                   const Recipe* recipe) {
  auto fields = parse_wheel_fields(file_name);
  if (!fields) {
    throw Error(ErrorKind::refused,
                text("{} is not the name of a wheel: {}", file_name, fields.error().message));
  }
  Candidate candidate;
  candidate.name = file_name;
  candidate.source_id = source;
  candidate.source = std::move(source);
  candidate.trust = Trust::official;  // the user chose it: no policy stands against it
  candidate.url = std::move(url);
  candidate.fields = std::move(*fields);
  if (recipe != nullptr) {
    const SourceDescription* from = publisher(*recipe, file_name, candidate.url);
    candidate.knowledge = KnownRows(*recipe).about(candidate.fields, from != nullptr ? from->id : "", "");
  }
  return candidate;
}

}  // namespace wheelfit::catalog
