// SPDX-License-Identifier: Apache-2.0
#include "catalog/index_page.hpp"
#include "catalog/link.hpp"
#include "index/page.hpp"

namespace wheelfit::catalog {
namespace {

std::string_view trimmed(std::string_view text) noexcept {
  const std::size_t from = text.find_first_not_of(" \t\r\n");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

// "sha256=<hex>" with anything else after '&'.
std::optional<std::string> sha256_assignment(std::string_view text) {
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find('&'));
    if (part.starts_with("sha256=")) return sha256_text(part.substr(7));
    text.remove_prefix(part.size() == text.size() ? part.size() : part.size() + 1);
  }
  return std::nullopt;
}

std::optional<IndexFile> file_of(const index::Anchor& anchor, std::string_view base) {
  const auto absolute = anchor.href ? resolve_link(base, trimmed(*anchor.href)) : std::nullopt;
  if (!absolute) return std::nullopt;
  IndexFile file;
  file.url = without_fragment(*absolute);
  file.name = file_name_of(file.url);
  if (file.name.empty()) return std::nullopt;
  file.sha256 = sha256_assignment(fragment_of(*absolute));
  file.requires_python = anchor.requires_python;
  file.yanked = anchor.yanked;
  if (anchor.core_metadata && *anchor.core_metadata != "false") {
    file.core_metadata_url = file.url + ".metadata";
    file.core_metadata_sha256 = sha256_assignment(*anchor.core_metadata);
  }
  return file;
}

}  // namespace

std::optional<std::string> sha256_text(std::string_view text) {
  if (text.size() != 64) return std::nullopt;
  std::string lowered;
  for (const char c : text) {
    const char small = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    if (!((small >= '0' && small <= '9') || (small >= 'a' && small <= 'f'))) return std::nullopt;
    lowered += small;
  }
  return lowered;
}

tl::expected<std::vector<IndexFile>, ParseError> parse_simple_html(std::string_view bytes,
                                                                   std::string_view base_url) {
  const auto page = index::parse_html(bytes);
  if (!page) return tl::unexpected(page.error());
  std::string base(base_url);
  if (page->base) base = resolve_link(base_url, trimmed(*page->base)).value_or(base);
  std::vector<IndexFile> files;
  for (const index::Anchor& anchor : page->anchors) {
    if (auto file = file_of(anchor, base)) files.push_back(std::move(*file));
  }
  return files;
}

}  // namespace wheelfit::catalog
