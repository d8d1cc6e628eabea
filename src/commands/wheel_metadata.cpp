// SPDX-License-Identifier: Apache-2.0
#include "commands/wheel_metadata.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "catalog/link.hpp"
#include "commands/obtain.hpp"
#include "commands/subject.hpp"
#include "system/disk.hpp"
#include "system/http_ranges.hpp"
#include "system/sha256.hpp"
#include "system/zip.hpp"

namespace wheelfit::commands {

namespace {

constexpr int answered = 200;

std::optional<python::Metadata> parsed(std::string_view bytes) {
  auto metadata = python::Metadata::parse(bytes);
  if (!metadata) return std::nullopt;
  return std::move(*metadata);
}

std::optional<python::Metadata> metadata_in(system::ZipReader& zip) {
  const auto& entries = zip.entries();
  const auto found = std::ranges::find_if(entries, [](const system::ZipEntry& entry) {
    return entry.name.ends_with(".dist-info/METADATA") && std::ranges::count(entry.name, '/') == 1;
  });
  if (found == entries.end()) return std::nullopt;
  return parsed(zip.read(static_cast<std::size_t>(found - entries.begin())));
}

std::optional<python::Metadata> beside_it(const catalog::Candidate& candidate, system::HttpClient& http) {
  if (!candidate.core_metadata_url) return std::nullopt;
  system::HttpRequest request;
  request.url = *candidate.core_metadata_url;
  const system::HttpResponse response = http.get(request);
  if (response.status != answered) return std::nullopt;
  const auto& promised = candidate.core_metadata_sha256;
  if (promised && system::to_hex(system::sha256_of(response.body)) != *promised) return std::nullopt;
  return parsed(response.body);
}

// A wheel that can be opened without the network.
std::optional<std::filesystem::path> file_of(const catalog::Candidate& candidate, const fetch::Store& store) {
  if (auto file = catalog::path_of_file_address(candidate.url)) return file;
  if (candidate.url.empty() && !candidate.sha256) return std::nullopt;
  const auto stored = fetch::find_in_store(store, artifact_of(candidate));
  return stored ? std::optional(stored->path) : std::nullopt;
}

// What `read` makes of the archive and of the size of its file; no value where it cannot be read so.
template <typename Read>
auto by_ranges(const catalog::Candidate& candidate, system::HttpClient& http, system::Clock& clock,
               const Read& read) -> decltype(read(std::declval<system::ZipReader&>(), std::uint64_t())) {
  auto ranges = system::HttpRanges::open(http, clock, {candidate.url, std::nullopt});
  if (!ranges) return std::nullopt;
  try {
    system::ZipReader zip(**ranges, candidate.name);
    return read(zip, (*ranges)->size());
  } catch (const Error& error) {
    if (!system::wants_whole_file(error.code())) throw;
    return std::nullopt;
  }
}

}  // namespace

std::optional<python::Metadata> metadata_of(const catalog::Candidate& candidate, const fetch::Store& store,
                                            system::HttpClient* http, system::Clock& clock) {
  if (const auto file = file_of(candidate, store)) {
    system::ZipReader zip(*file);
    return metadata_in(zip);
  }
  if (http == nullptr || candidate.url.empty()) return std::nullopt;
  if (auto metadata = beside_it(candidate, *http)) return metadata;
  return by_ranges(candidate, *http, clock,
                   [](system::ZipReader& zip, std::uint64_t) { return metadata_in(zip); });
}

std::optional<std::vector<std::string>> requirements_of(const catalog::Candidate& candidate,
                                                        const catalog::Recipe& recipe,
                                                        const fetch::Store& store, system::HttpClient* http,
                                                        system::Clock& clock) {
  if (auto metadata = metadata_of(candidate, store, http, clock)) return std::move(metadata->requires_dist);
  if (const auto* known = recipe.requires_of(candidate.fields.version)) return known->requirements;
  return std::nullopt;
}

std::optional<WheelSize> size_of_wheel(const catalog::Candidate& candidate, const fetch::Store& store,
                                       system::HttpClient* http, system::Clock& clock) {
  const auto measure = [](const system::ZipReader& zip, std::uint64_t packed) {
    WheelSize size{packed, system::unpacked_bytes(zip)};
    for (const system::ZipEntry& entry : zip.entries())
      if (entry.name.ends_with(".py")) size.python += system::bytes_on_disk(entry.size);
    return std::optional(size);
  };
  if (const auto file = file_of(candidate, store))
    return measure(system::ZipReader(*file), std::filesystem::file_size(*file));
  if (http == nullptr || candidate.url.empty()) return std::nullopt;
  return by_ranges(candidate, *http, clock, measure);
}

}  // namespace wheelfit::commands
