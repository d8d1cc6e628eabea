// SPDX-License-Identifier: Apache-2.0
// What one source holds of one package. Each kind of source has a function; none throws for a source that
// does not answer: what is built in takes its place and the status says so.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/candidate.hpp"
#include "catalog/catalog.hpp"
#include "catalog/index_page.hpp"
#include "catalog/page_reader.hpp"
#include "catalog/recipe.hpp"
#include "catalog/source_distribution.hpp"

namespace wheelfit::catalog {

struct SourceListing {
  std::vector<Shared<Candidate>> wheels;  // without knowledge
  std::vector<SourceDistribution> sdists;
  bool found = false;  // the source itself knows the package, in this run or when it was last read
  SourceStatus status;
};

SourceListing list_github(const std::string& package, const SourceDescription& source,
                          const ListingRequest& request, PageReader& pages);

// `index_url` is where `<normalized name>/` is appended.
SourceListing list_index(const std::string& package, const SourceDescription& source,
                         const std::string& index_url, PageReader& pages);

// A flat page of links, or a directory: a path, a file: or an http address.
SourceListing list_links(const std::string& package, const SourceDescription& source,
                         const std::string& place, PageReader& pages);

// The folders of a channel that hold packages for a platform, its own first.
std::vector<std::string> conda_subdirs(const std::optional<std::string>& platform);
// Where such a folder's listing is looked for, one after the other.
std::vector<std::string> conda_listings(const std::string& channel, const std::string& subdir);

// The rows embedded for the source, the newest release of every name.
std::vector<Shared<Candidate>> built_in_wheels(const std::string& package, const SourceDescription& source,
                                               const std::string& github);
// Puts the built-in wheels that the listing lacks beside it and says so: "{trouble}; the built-in list … is
// used".
void fall_back(SourceListing& listing, const std::string& package, const SourceDescription& source,
               const std::string& github, const Text& trouble);

// Shared by all that read listings.
Candidate described(const SourceDescription& source);
// The file as wheel or sdist of `package`, where it is one.
void take_file(SourceListing& listing, const std::string& package, const SourceDescription& source,
               const IndexFile& file);
// Of wheels with one name the one of the newest release stays; the order does not change otherwise.
void keep_newest_releases(std::vector<Shared<Candidate>>& wheels);

}  // namespace wheelfit::catalog
