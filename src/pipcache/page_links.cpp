// SPDX-License-Identifier: Apache-2.0
#include "index/page.hpp"
#include "pipcache/index_links.hpp"
#include "pipcache/pip_release.hpp"

namespace wheelfit::pipcache {
namespace {

// <base href> counts as it is written, relative or not.
std::string base_of(const index::HtmlPage& page, std::string_view url, const python::Version& pip) {
  if (!page.base) return std::string(url);
  const bool empty_counts = is_at_least(pip, 18, 0) && !is_at_least(pip, 22, 0);
  return page.base->empty() && !empty_counts ? std::string(url) : *page.base;
}

bool is_understood(const PageLink& link, const python::Version& pip) {
  return parse_link(link.url, pip, link.hashes).has_value();
}

std::vector<PageLink> links_of(const index::HtmlPage& page, std::string_view url,
                               const python::Version& pip) {
  const std::string base = base_of(page, url, pip);
  std::vector<PageLink> links;
  for (const index::Anchor& anchor : page.anchors) {
    if (!anchor.href || anchor.href->empty()) continue;
    auto absolute = absolute_link(base, *anchor.href, pip);
    if (!absolute) continue;
    PageLink link{std::move(*absolute), {}, anchor.requires_python, anchor.yanked};
    if (is_understood(link, pip)) links.push_back(std::move(link));
  }
  return links;
}

std::vector<PageLink> links_of(const index::JsonPage& page, std::string_view url,
                               const python::Version& pip) {
  std::vector<PageLink> links;
  for (const index::JsonFile& file : page.files) {
    auto absolute = file.url ? absolute_link(url, *file.url, pip) : std::nullopt;
    if (!absolute) continue;
    PageLink link{std::move(*absolute), {}, file.requires_python, file.yanked};
    for (const auto& [algorithm, hex] : file.hashes) link.hashes.push_back({algorithm, hex});
    if (is_understood(link, pip)) links.push_back(std::move(link));
  }
  return links;
}

}  // namespace

tl::expected<std::vector<PageLink>, ParseError> page_links(const IndexPage& page,
                                                           const python::Version& pip) {
  const auto resolved = [&](const auto& parsed) { return links_of(parsed, page.url, pip); };
  if (!index::is_json(page.content_type, page.bytes)) return index::parse_html(page.bytes).map(resolved);
  if (!is_at_least(pip, 22, 2)) return tl::unexpected(ParseError{"pip before 22.2 reads no JSON pages"});
  return index::parse_json(page.bytes).map(resolved);
}

}  // namespace wheelfit::pipcache
