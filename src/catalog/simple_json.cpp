// SPDX-License-Identifier: Apache-2.0
#include "catalog/index_page.hpp"
#include "catalog/link.hpp"
#include "index/page.hpp"

namespace wheelfit::catalog {
namespace {

std::optional<IndexFile> file_of(const index::JsonFile& entry, std::string_view base_url) {
  auto absolute = entry.url ? resolve_link(base_url, *entry.url) : std::nullopt;
  if (!absolute) return std::nullopt;
  IndexFile file;
  file.url = without_fragment(*absolute);
  file.name = entry.filename.value_or(file_name_of(file.url));
  if (file.name.empty() || file.name.find('/') != std::string::npos) return std::nullopt;
  for (const auto& [algorithm, hex] : entry.hashes) {
    if (algorithm == "sha256") file.sha256 = sha256_text(hex);
  }
  file.size = entry.size;
  file.requires_python = entry.requires_python;
  file.yanked = entry.yanked;
  if (entry.core_metadata) {
    file.core_metadata_url = file.url + ".metadata";
    const auto sha256 = entry.core_metadata->find("sha256");
    if (sha256 != entry.core_metadata->end()) file.core_metadata_sha256 = sha256_text(sha256->second);
  }
  return file;
}

}  // namespace

tl::expected<std::vector<IndexFile>, ParseError> parse_simple_json(std::string_view bytes,
                                                                   std::string_view base_url) {
  const auto page = index::parse_json(bytes);
  if (!page) return tl::unexpected(page.error());
  std::vector<IndexFile> files;
  for (const index::JsonFile& entry : page->files) {
    if (auto file = file_of(entry, base_url)) files.push_back(std::move(*file));
  }
  return files;
}

}  // namespace wheelfit::catalog
