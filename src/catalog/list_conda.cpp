// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <future>
#include <sstream>

#include "base/activity.hpp"
#include "catalog/catalog.hpp"
#include "catalog/conda_fields.hpp"
#include "catalog/link.hpp"
#include "catalog/page_reader.hpp"
#include "catalog/source_listing.hpp"
#include "index/conda_repodata.hpp"
#include "system/files.hpp"
#include "system/percent.hpp"
#include "system/url.hpp"
#include "system/zstd_stream.hpp"

namespace wheelfit::catalog {
namespace {

// conda-forge's linux-64 was 60 MB, and 400 MB unpacked, in 2026.
constexpr std::uint64_t largest_repodata = 1ULL << 30U;
constexpr std::uint64_t largest_unpacked = 16ULL << 30U;
constexpr std::uint64_t local_repodata = 4ULL << 30U;

using Repodata = tl::expected<index::CondaRepodata, ParseError>;

Repodata parsed(std::string_view bytes, const std::string& package) {
  if (system::is_zstd(bytes)) {
    const auto stream = system::open_zstd(bytes, largest_unpacked);
    return index::parse_conda_repodata(*stream, package);
  }
  std::istringstream stream{std::string(bytes)};
  return index::parse_conda_repodata(stream, package);
}

// Of all that a channel holds only the rows of one package are kept.
tl::expected<std::string, ParseError> reduced(std::string_view bytes, const std::string& package) {
  return parsed(bytes, package).map(index::write_conda_repodata);
}

struct Subdir {
  std::vector<Shared<Candidate>> packages;
  bool found = false;  // the channel has this subdir, now or when it was last read
  bool live = true;
  Text trouble;
  std::optional<TimePoint> read_at;
};

std::string with_slash(std::string url) {
  if (!url.ends_with('/')) url += '/';
  return url;
}

// Where the files are that the listing at `address` names.
std::string base_of(const std::string& address, const index::CondaRepodata& repodata) {
  const std::string folder = address.substr(0, address.rfind('/') + 1);
  if (repodata.base_url.empty()) return folder;
  if (repodata.base_url.find("://") != std::string::npos) return with_slash(repodata.base_url);
  return with_slash(folder + repodata.base_url);
}

void take(const index::CondaRepodata& repodata, const std::string& address, const std::string& channel,
          const std::string& name, const SourceDescription& source, Subdir& subdir) {
  for (const index::CondaRecord& record : repodata.records) {
    auto candidate = conda_candidate(record, name);
    if (!candidate) continue;
    candidate->source_id = source.id;
    candidate->source = to_string(source.trust);
    candidate->trust = source.trust;
    candidate->url = base_of(address, repodata) + record.file_name;
    candidate->conda =
        std::make_shared<CondaBuild>(CondaBuild{channel, name, record.name, record.version, record.build});
    subdir.packages.push_back(std::move(*candidate));
  }
}

PageAnswer read_file_address(const std::filesystem::path& path, const std::string& url) {
  PageAnswer answer;
  if (!std::filesystem::is_regular_file(path)) {
    answer.missing = true;
    answer.trouble = text("{} cannot be read", path.string());
    return answer;
  }
  Page page;
  page.body = system::read_file(path, local_repodata);
  page.address = url;
  answer.page = std::move(page);
  answer.live = true;
  return answer;
}

PageAnswer ask(const std::string& url, const std::string& package, PageReader& pages) {
  if (const auto local = path_of_file_address(url)) return read_file_address(*local, url);
  PageRequest request;
  request.url = url;
  request.accept = "*/*";
  request.largest = largest_repodata;
  request.reduced_to = package;
  request.reduce = [package](std::string_view bytes) { return reduced(bytes, package); };
  return pages.read(request);
}

Subdir read_subdir(const std::string& channel, const std::string& name, const SourceDescription& source,
                   PageReader& pages) {
  Subdir subdir;
  for (const std::string& url : conda_listings(channel, name)) {
    const PageAnswer answer = ask(url, source.package, pages);
    subdir.live = answer.live || answer.missing;
    subdir.trouble = answer.trouble;
    if (!answer.page) {
      if (answer.missing || pages.offline()) continue;
      return subdir;
    }
    const auto repodata = parsed(answer.page->body, source.package);
    if (!repodata) {
      subdir.live = false;
      subdir.trouble = text("the answer cannot be used: {}", repodata.error().message);
      return subdir;
    }
    subdir.found = true;
    if (!answer.live) subdir.read_at = answer.page->read_at;
    take(*repodata, answer.page->address, channel, name, source, subdir);
    return subdir;
  }
  return subdir;
}

bool is_wanted(const SourceDescription& source, const std::optional<std::string>& only) {
  return !only || *only == source.id || *only == to_string(source.trust);
}

SourceStatus status_of(const std::vector<Subdir>& subdirs, const SourceDescription& source,
                       const PageReader& pages) {
  SourceStatus status;
  status.id = source.id;
  status.live = true;
  bool found = false;
  for (const Subdir& subdir : subdirs) {
    status.live = status.live && subdir.live;
    status.wheels += subdir.packages.size();
    found = found || subdir.found;
    if (subdir.live) continue;
    status.remark = subdir.read_at ? text("listing not read ({}); the one of {} used",
                                          subdir.trouble.english(), written(*subdir.read_at))
                                   : subdir.trouble;
  }
  status.reachable = status.live || pages.offline();
  if (status.live && !found) status.remark = text("is no conda channel");
  if (status.live && found && status.wheels == 0) status.remark = text("has no {}", source.package);
  return status;
}

}  // namespace

std::vector<std::string> conda_subdirs(const std::optional<std::string>& platform) {
  if (platform == "linux_x86_64") return {"linux-64", "noarch"};
  if (platform == "linux_aarch64") return {"linux-aarch64", "noarch"};
  return {"noarch"};
}

std::vector<std::string> conda_listings(const std::string& channel, const std::string& subdir) {
  const std::string folder = with_slash(channel) + subdir + "/";
  return {folder + "repodata.json.zst", folder + "repodata.json"};
}

void list_conda(Catalog& catalog, const Recipe& recipe, const ListingRequest& request,
                system::HttpClient& http, system::Clock& clock, Reporter& report) {
  PageReader pages(http, clock, request.cache, request.offline);
  catalog.conda_asked = true;
  for (const SourceDescription& source : recipe.sources) {
    if (source.kind != SourceKind::conda_channel || !is_wanted(source, request.only_source)) continue;
    const std::string channel = request.conda_channel.value_or(source.address);
    const Activity reading(
        report, text("Looking for {} in the channel {}", source.package, system::redacted(channel)),
        std::nullopt);
    std::vector<std::future<Subdir>> running;
    const auto when = pages.offline() ? std::launch::deferred : std::launch::async;
    for (const std::string& name : conda_subdirs(request.platform))
      running.push_back(std::async(
          when, [&channel, name, &source, &pages] { return read_subdir(channel, name, source, pages); }));
    std::vector<Subdir> subdirs;
    for (auto& each : running) subdirs.push_back(each.get());
    catalog.sources.push_back(status_of(subdirs, source, pages));
    for (const Subdir& subdir : subdirs)
      catalog.conda.insert(catalog.conda.end(), subdir.packages.begin(), subdir.packages.end());
  }
}

}  // namespace wheelfit::catalog
