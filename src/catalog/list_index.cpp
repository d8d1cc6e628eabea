// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "catalog/link.hpp"
#include "catalog/source_listing.hpp"
#include "index/page.hpp"
#include "python/package_name.hpp"
#include "system/files.hpp"
#include "system/percent.hpp"
#include "system/url.hpp"

namespace wheelfit::catalog {
namespace {

namespace fs = std::filesystem;

// As pip asks from 22.2 on.
constexpr const char* accepted =
    "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html; q=0.1, text/html; q=0.01";

tl::expected<std::vector<IndexFile>, ParseError> files_of(const Page& page) {
  return index::is_json(page.content_type, page.body) ? parse_simple_json(page.body, page.address)
                                                      : parse_simple_html(page.body, page.address);
}

// Fills the listing from a page that could be had; false where it is of no use.
bool take_page(SourceListing& listing, const std::string& package, const SourceDescription& source,
               const Page& page) {
  const auto files = files_of(page);
  if (!files) {
    listing.status.live = false;
    listing.status.reachable = false;
    listing.status.remark = text("the page cannot be used: {}", files.error().message);
    return false;
  }
  for (const IndexFile& file : *files) take_file(listing, package, source, file);
  listing.found = true;
  return true;
}

void take_answer(SourceListing& listing, const std::string& package, const SourceDescription& source,
                 const PageAnswer& answer) {
  listing.status.live = answer.live;
  if (answer.page && !take_page(listing, package, source, *answer.page)) return;
  if (answer.live) return;
  listing.status.remark = answer.page ? text("listing not read ({}); the one of {} used",
                                             answer.trouble.english(), written(answer.page->read_at))
                                      : answer.trouble;
}

// A file: address of a page, or the directory that holds it.
PageAnswer read_local(const fs::path& path) {
  PageAnswer answer;
  const fs::path file = fs::is_directory(path) ? path / "index.html" : path;
  if (auto body = system::read_file_if_any(file)) {
    Page page;
    page.body = std::move(*body);
    page.content_type = file.extension() == ".json" ? "application/json" : "text/html";
    page.address = system::file_address(file);
    answer.page = std::move(page);
    answer.live = true;
  } else {
    answer.missing = true;
    answer.trouble = text("{} cannot be read", file.string());
  }
  return answer;
}

void take_directory(SourceListing& listing, const std::string& package, const SourceDescription& source,
                    const fs::path& directory) {
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, failed)) {
    std::error_code none;
    if (!entry.is_regular_file(none)) continue;
    IndexFile file;
    file.name = entry.path().filename().string();
    file.url = system::file_address(fs::absolute(entry.path(), none).lexically_normal());
    const auto size = entry.file_size(none);
    if (!none) file.size = size;
    take_file(listing, package, source, file);
  }
  listing.status.live = !failed;
  listing.status.reachable = !failed;
  if (failed) listing.status.remark = text("{} cannot be read: {}", directory.string(), failed.message());
}

std::string with_slash(std::string url) {
  if (!url.ends_with('/')) url += '/';
  return url;
}

}  // namespace

SourceListing list_index(const std::string& package, const SourceDescription& source,
                         const std::string& index_url, PageReader& pages) {
  SourceListing listing;
  listing.status.id = source.id;
  const std::string url = with_slash(with_slash(index_url) + package);
  const auto local = path_of_file_address(url);
  const PageAnswer answer = local ? read_local(*local) : pages.read({url, accepted, std::nullopt});
  if (answer.missing) {
    // The index answered: it does not know the package.
    listing.status.live = true;
    listing.status.remark = text("has no {}", package);
    return listing;
  }
  take_answer(listing, package, source, answer);
  if (!answer.live && !pages.offline()) listing.status.reachable = false;
  return listing;
}

SourceListing list_links(const std::string& package, const SourceDescription& source,
                         const std::string& place, PageReader& pages) {
  SourceListing listing;
  listing.status.id = source.id;
  auto local = path_of_file_address(place);
  if (!local && place.find("://") == std::string::npos) local = fs::path(place);
  if (local && fs::is_directory(*local)) {
    take_directory(listing, package, source, *local);
    return listing;
  }
  const PageAnswer answer = local ? read_local(*local) : pages.read({place, "text/html", std::nullopt});
  take_answer(listing, package, source, answer);
  if (!answer.live && !pages.offline()) listing.status.reachable = false;
  return listing;
}

}  // namespace wheelfit::catalog
