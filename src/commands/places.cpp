// SPDX-License-Identifier: Apache-2.0
#include "commands/places.hpp"

#include <algorithm>
#include <utility>

#include "catalog/source_listing.hpp"
#include "commands/addresses.hpp"

namespace wheelfit::commands {
namespace {

using diagnose::Place;
using diagnose::Role;

constexpr const char* index_types =
    "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.1, text/html;q=0.01";

std::string project_page(std::string index, const std::string& package) {
  while (index.ends_with('/')) index.pop_back();
  return index + "/" + package + "/";
}

bool is_remote(const std::string& address) {
  return address.starts_with("http://") || address.starts_with("https://");
}

// The first address is the release's; the others stand in for it.
void add_github(const catalog::Recipe& recipe, const catalog::ListingRequest& request,
                const NetworkSettings& network, const system::EnvironmentVariables& variables,
                std::vector<Place>& places) {
  const auto source = std::find_if(recipe.sources.begin(), recipe.sources.end(), [](const auto& each) {
    return each.kind == catalog::SourceKind::github_releases;
  });
  if (source == recipe.sources.end()) return;
  Place api;
  api.role = Role::github_api;
  api.url = request.github_apis.front() + "/repos/" + source->repository + "/releases?per_page=1";
  api.accept = "application/vnd.github+json";
  if (request.github_apis.front() == "https://api.github.com") api.token = request.github_token;
  places.push_back(std::move(api));
  const auto wheels = catalog::built_in_wheels(recipe.name, *source, request.github);
  if (wheels.empty()) return;
  Role role = Role::release;
  for (const fetch::Address& address :
       addresses_of(wheels.front()->url, Vouched::by_hash, network, variables)) {
    Place place;
    place.role = std::exchange(role, Role::mirror);
    place.url = address.url;
    places.push_back(std::move(place));
  }
}

// The listing of the platform's own packages stands for the channel.
void add_channels(const catalog::Recipe& recipe, const catalog::ListingRequest& request,
                  const probe::Environment& environment, std::vector<Place>& places) {
  const auto& named = request.conda_channel;
  const auto& kind = environment.interpreter.kind;
  if (!named && !(kind && *kind == "conda")) return;
  const std::string subdir = catalog::conda_subdirs(request.platform).front();
  for (const catalog::SourceDescription& source : recipe.sources) {
    if (source.kind != catalog::SourceKind::conda_channel) continue;
    const std::string& channel = named ? *named : source.address;
    if (!is_remote(channel)) continue;
    const auto listings = catalog::conda_listings(channel, subdir);
    Place place{Role::conda_channel, listings.front(), {}, "*/*", {}, listings.back()};
    if (named) place.setting = {channel, "--conda-channel"};
    if (std::find(places.begin(), places.end(), place) == places.end()) places.push_back(std::move(place));
  }
}

}  // namespace

std::vector<Place> places_to_ask(const catalog::Recipe& recipe, const catalog::ListingRequest& request,
                                 const NetworkSettings& network, const probe::Environment& environment,
                                 const system::EnvironmentVariables& variables) {
  std::vector<Place> places;
  add_github(recipe, request, network, variables, places);
  const catalog::IndexSettings& indexes = request.indexes;
  if (is_remote(indexes.index_url)) {
    const Fact<std::string>& index = environment.installer.index_url;
    const bool same = index && *index == indexes.index_url;
    places.push_back({Role::index,
                      project_page(indexes.index_url, recipe.name),
                      same ? index : Fact<std::string>(indexes.index_url, "--index-url"),
                      index_types,
                      {}});
  }
  for (const std::string& extra : indexes.extra_index_urls) {
    if (is_remote(extra))
      places.push_back({Role::extra_index, project_page(extra, recipe.name), {}, index_types, {}});
  }
  for (const std::string& page : indexes.find_links) {
    if (is_remote(page)) places.push_back({Role::find_links, page, {}, "", {}});
  }
  if (const auto endpoint = variables.get_nonempty("HF_ENDPOINT"); endpoint && is_remote(*endpoint))
    places.push_back({Role::hugging_face, *endpoint, {*endpoint, "HF_ENDPOINT"}, "", {}});
  add_channels(recipe, request, environment, places);
  return places;
}

}  // namespace wheelfit::commands
