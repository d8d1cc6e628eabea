// SPDX-License-Identifier: Apache-2.0
// What `catalog` produces: every wheel of a package that any admitted source holds.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/reporter.hpp"
#include "base/text.hpp"
#include "catalog/candidate.hpp"
#include "catalog/knowledge.hpp"
#include "catalog/source_distribution.hpp"
#include "system/clock.hpp"
#include "system/http.hpp"

namespace wheelfit::catalog {

// How one source was read, for the user's eyes and for exit codes.
struct SourceStatus {
  std::string id;
  bool live = false;      // its listing was read in this run (or revalidated: 304)
  bool reachable = true;  // false: it was asked and did not answer
  Text remark;            // "listing not reachable (…); built-in list of 2026-08-16 used"
  std::size_t wheels = 0;
};

struct Catalog {
  std::string package;  // normalized
  std::vector<Shared<Candidate>> candidates;
  std::vector<Shared<Candidate>> conda;  // packages of conda's; see list_conda()
  bool conda_asked = false;              // its channels were looked at
  std::vector<SourceDistribution> sdists;  // one of each version, newest last
  std::vector<SourceStatus> sources;
};

// Where the environment's own installer looks (see probe::InstallerSettings); addresses may hold credentials.
struct IndexSettings {
  std::string index_url;  // "" where none could be found
  std::vector<std::string> extra_index_urls;
  std::vector<std::string> find_links;  // URLs of flat HTML pages, or directories
};

struct ListingRequest {
  IndexSettings indexes;
  bool offline = false;                     // built-in rows, directories and cached listings only
  std::optional<std::string> github_token;  // for GitHub's own API alone
  std::filesystem::path cache;              // listings with their ETags are kept below; "" = keep none
  std::vector<std::string> github_apis{"https://api.github.com"};  // asked in this order, until one answers
  std::string github = "https://github.com";
  std::optional<std::string> conda_channel;  // in place of every channel's own address
  std::optional<std::string> platform;       // "linux_x86_64": which subdir of a channel counts
  std::optional<std::string> only_source;    // --source: official | index | community | an id
};

// A source that does not answer is replaced by its built-in rows, and its status says so; never throws for
// that.
Catalog list_candidates(const Recipe& recipe, const ListingRequest& request, system::HttpClient& http,
                        system::Clock& clock, Reporter& report);

// The same for what conda's channels hold, which is asked where no wheel fits: their listings are large. Adds
// to `catalog`.
void list_conda(Catalog& catalog, const Recipe& recipe, const ListingRequest& request,
                system::HttpClient& http, system::Clock& clock, Reporter& report);

// A wheel given by hand: a path or an address. Knowledge rows of `recipe` (may be null) are applied to it.
Candidate candidate_from_file_name(std::string_view file_name, std::string url, std::string source,
                                   const Recipe* recipe);

}  // namespace wheelfit::catalog
