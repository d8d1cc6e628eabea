// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "catalog/github_releases.hpp"
#include "catalog/rows.hpp"
#include "catalog/source_listing.hpp"
#include "python/package_name.hpp"

namespace wheelfit::catalog {
namespace {

constexpr int most_pages = 50;
constexpr std::string_view public_github = "https://github.com/";
constexpr std::string_view public_api = "https://api.github.com";

// The address in `Link: <https://…?page=2>; rel="next", …` (RFC 8288).
std::string next_page(std::string_view link) {
  while (!link.empty()) {
    const std::size_t open = link.find('<');
    const std::size_t close = link.find('>', open == std::string_view::npos ? 0 : open);
    if (open == std::string_view::npos || close == std::string_view::npos) return {};
    const std::string_view address = link.substr(open + 1, close - open - 1);
    link.remove_prefix(close + 1);
    const std::string_view parameters = link.substr(0, link.find('<'));
    if (parameters.find("rel=\"next\"") != std::string_view::npos) return std::string(address);
    link.remove_prefix(parameters.size());
  }
  return {};
}

struct Releases {
  std::vector<GithubRelease> releases;
  bool complete = false;  // all pages could be had, live or kept
  bool live = true;
  TimePoint read_at = TimePoint::max();  // of the oldest page
  Text trouble;
};

Releases read_from(const std::string& api, const SourceDescription& source, const ListingRequest& request,
                   PageReader& pages) {
  Releases all;
  std::set<std::string> asked;
  const auto token = api == public_api ? request.github_token : std::nullopt;
  std::string url = api + "/repos/" + source.repository + "/releases?per_page=100";
  while (!url.empty() && asked.size() < most_pages && asked.insert(url).second) {
    const PageAnswer answer = pages.read({url, "application/vnd.github+json", token});
    if (!answer.live) {
      all.live = false;
      if (all.trouble.empty()) all.trouble = answer.trouble;
    }
    if (!answer.page) return all;
    auto releases = parse_github_releases(answer.page->body);
    if (!releases) {
      all.live = false;
      all.trouble = text("the answer cannot be used: {}", releases.error().message);
      return all;
    }
    std::move(releases->begin(), releases->end(), std::back_inserter(all.releases));
    all.read_at = std::min(all.read_at, answer.page->read_at);
    url = next_page(answer.page->link);
  }
  all.complete = true;
  return all;
}

// The first that answers; else the first that has at least been kept from an earlier run.
Releases read_releases(const SourceDescription& source, const ListingRequest& request, PageReader& pages) {
  Releases best;
  for (std::size_t i = 0; i < request.github_apis.size(); ++i) {
    Releases releases = read_from(request.github_apis[i], source, request, pages);
    const bool live = releases.complete && releases.live;
    if (i == 0 || live || (releases.complete && !best.complete)) best = std::move(releases);
    if (live) break;
  }
  return best;
}

// Rank by time of publication; GitHub lists newest first, so of equal times the earlier listed is the newer
// one.
std::vector<int> orders(const std::vector<GithubRelease>& releases) {
  std::vector<std::size_t> positions(releases.size());
  for (std::size_t i = 0; i < positions.size(); ++i) positions[i] = positions.size() - 1 - i;
  std::stable_sort(positions.begin(), positions.end(), [&](std::size_t left, std::size_t right) {
    return releases[left].published < releases[right].published;
  });
  std::vector<int> order(releases.size());
  for (std::size_t rank = 0; rank < positions.size(); ++rank) order[positions[rank]] = static_cast<int>(rank);
  return order;
}

// A mirror set in place of github.com serves the downloads too.
std::string download_address(const std::string& url, const std::string& github) {
  if (!url.starts_with(public_github) || github + "/" == public_github) return url;
  return github + "/" + url.substr(public_github.size());
}

void take_releases(SourceListing& listing, const std::string& package, const SourceDescription& source,
                   const std::string& github, const std::vector<GithubRelease>& releases) {
  const std::vector<int> order = orders(releases);
  for (std::size_t i = 0; i < releases.size(); ++i) {
    for (const GithubAsset& asset : releases[i].wheels) {
      auto fields = parse_wheel_fields(asset.name);
      if (!fields || python::normalized_name(fields->file.name) != package) continue;
      Candidate candidate = described(source);
      candidate.name = asset.name;
      candidate.url = download_address(asset.url, github);
      candidate.sha256 = asset.sha256;
      candidate.size = asset.size;
      candidate.release = releases[i].tag;
      candidate.release_order = order[i];
      candidate.fields = std::move(*fields);
      listing.wheels.push_back(std::move(candidate));
    }
  }
  keep_newest_releases(listing.wheels);
}

}  // namespace

SourceListing list_github(const std::string& package, const SourceDescription& source,
                          const ListingRequest& request, PageReader& pages) {
  SourceListing listing;
  listing.status.id = source.id;
  const Releases releases = read_releases(source, request, pages);
  listing.status.live = releases.complete && releases.live;
  listing.status.reachable = pages.offline() || releases.live;
  listing.found = releases.complete;
  if (releases.complete) take_releases(listing, package, source, request.github, releases.releases);
  if (listing.status.live) return listing;
  fall_back(listing, package, source, request.github, releases.trouble);
  if (releases.complete) {
    listing.status.remark = text("listing not read ({}); the one of {} used", releases.trouble.english(),
                                 written(releases.read_at));
  }
  return listing;
}

}  // namespace wheelfit::catalog
