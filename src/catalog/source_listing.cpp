// SPDX-License-Identifier: Apache-2.0
#include "catalog/source_listing.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

#include "catalog/rows.hpp"
#include "python/package_name.hpp"

namespace wheelfit::catalog {
namespace {

const KnownWheel& wheel_in(const KnownWheel& wheel) noexcept { return wheel; }
const Candidate& wheel_in(const Shared<Candidate>& wheel) noexcept { return *wheel; }

// Which of the wheels stay when of one name only the newest release counts.
template <typename Wheel>
std::vector<bool> newest_releases(const std::vector<Wheel>& wheels) {
  std::unordered_map<std::string_view, std::size_t> newest;
  newest.reserve(wheels.size());
  std::vector<bool> keep(wheels.size(), true);
  for (std::size_t i = 0; i < wheels.size(); ++i) {
    const auto [found, added] = newest.emplace(wheel_in(wheels[i]).name, i);
    if (added) continue;
    const bool newer = wheel_in(wheels[i]).release_order > wheel_in(wheels[found->second]).release_order;
    keep[newer ? found->second : i] = false;
    if (newer) found->second = i;
  }
  return keep;
}

// What was read from the source is newer than what is built in.
void add_unlisted(std::vector<Shared<Candidate>>& listed, std::vector<Shared<Candidate>> built_in) {
  std::unordered_set<std::string> names;
  for (const Shared<Candidate>& wheel : listed) names.insert(wheel->name);
  for (Shared<Candidate>& wheel : built_in) {
    if (names.contains(wheel->name)) continue;
    wheel.edit().release_order = -1;
    listed.push_back(wheel);
  }
}

std::optional<python::SpecifierSet> parsed_specifiers(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  auto parsed = python::SpecifierSet::parse(*text);
  return parsed ? std::optional(std::move(*parsed)) : std::nullopt;
}

void take_sdist(SourceListing& listing, const std::string& package, const IndexFile& file) {
  auto version = sdist_version(file.name, package);
  if (!version) return;
  SourceDistribution sdist{std::move(*version), file.name, file.url, file.sha256, file.size};
  if (auto python = parsed_specifiers(file.requires_python)) sdist.requires_python = std::move(*python);
  listing.sdists.push_back(std::move(sdist));
}

}  // namespace

std::optional<python::Version> sdist_version(std::string_view file_name, const std::string& package) {
  constexpr std::array<std::string_view, 4> endings{".tar.gz", ".zip", ".tar.bz2", ".tgz"};
  const auto* ending = std::find_if(endings.begin(), endings.end(),
                                    [&](std::string_view each) { return file_name.ends_with(each); });
  if (ending == endings.end()) return std::nullopt;
  const std::string_view stem = file_name.substr(0, file_name.size() - ending->size());
  // Old names hold dashes themselves: every dash is tried.
  for (std::size_t dash = stem.find('-'); dash != std::string_view::npos; dash = stem.find('-', dash + 1)) {
    if (python::normalized_name(stem.substr(0, dash)) != package) continue;
    const auto version = python::Version::parse(stem.substr(dash + 1));
    if (version) return *version;
  }
  return std::nullopt;
}

Candidate described(const SourceDescription& source) {
  Candidate candidate;
  candidate.source_id = source.id;
  candidate.source = to_string(source.trust);
  candidate.trust = source.trust;
  return candidate;
}

void take_file(SourceListing& listing, const std::string& package, const SourceDescription& source,
               const IndexFile& file) {
  if (!file.name.ends_with(".whl")) {
    if (!file.yanked) take_sdist(listing, package, file);
    return;
  }
  auto fields = parse_wheel_fields(file.name);
  if (!fields || python::normalized_name(fields->file.name) != package) return;
  Candidate candidate = described(source);
  candidate.name = file.name;
  candidate.url = file.url;
  candidate.sha256 = file.sha256;
  candidate.size = file.size;
  candidate.yanked = file.yanked;
  if (auto python = parsed_specifiers(file.requires_python)) candidate.requires_python = std::move(*python);
  candidate.core_metadata_url = file.core_metadata_url;
  candidate.core_metadata_sha256 = file.core_metadata_sha256;
  candidate.fields = std::move(*fields);
  listing.wheels.push_back(std::move(candidate));
}

void keep_newest_releases(std::vector<Shared<Candidate>>& wheels) {
  const std::vector<bool> keep = newest_releases(wheels);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < wheels.size(); ++i) {
    if (!keep[i]) continue;
    wheels[kept++] = wheels[i];
  }
  wheels.erase(wheels.begin() + static_cast<std::ptrdiff_t>(kept), wheels.end());
}

std::vector<Shared<Candidate>> built_in_wheels(const std::string& package, const SourceDescription& source,
                                               const std::string& github) {
  auto rows = expand_rows(source.rows_text, package);
  if (!rows) throw Error(ErrorKind::usage, text("{}: {}", source.rows, rows.error().message));
  const std::vector<bool> keep = newest_releases(*rows);
  std::vector<Shared<Candidate>> wheels;
  wheels.reserve(static_cast<std::size_t>(std::count(keep.begin(), keep.end(), true)));
  const std::string releases = github + "/" + source.repository + "/releases/download/";
  for (std::size_t i = 0; i < rows->size(); ++i) {
    if (!keep[i]) continue;
    KnownWheel& row = (*rows)[i];
    Candidate wheel = described(source);
    if (!source.repository.empty()) {
      wheel.url.reserve(releases.size() + row.release.size() + 1 + row.name.size());
      wheel.url.append(releases).append(row.release).append("/").append(row.name);
    }
    wheel.name = std::move(row.name);
    wheel.release = std::move(row.release);
    wheel.release_order = row.release_order;
    wheel.sha256 = std::move(row.sha256);
    wheel.size = row.size;
    wheel.built_in = true;
    wheel.fields = std::move(row.fields);
    wheels.push_back(std::move(wheel));
  }
  return wheels;
}

void fall_back(SourceListing& listing, const std::string& package, const SourceDescription& source,
               const std::string& github, const Text& trouble) {
  listing.status.live = false;
  if (source.rows_text.empty()) {
    listing.status.remark = trouble;
    return;
  }
  std::vector<Shared<Candidate>> built_in = built_in_wheels(package, source, github);
  if (listing.wheels.empty()) {
    listing.wheels = std::move(built_in);
  } else {
    add_unlisted(listing.wheels, std::move(built_in));
  }
  listing.status.remark =
      trouble == Text("offline")
          ? text("offline; built-in list of {} used", source.rows_as_of)
          : text("listing not read ({}); built-in list of {} used", trouble.english(), source.rows_as_of);
}

}  // namespace wheelfit::catalog
