// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "catalog/index_page.hpp"
#include "catalog/link.hpp"

namespace wheelfit::catalog {
namespace {

using nlohmann::json;

const json* member(const json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

std::optional<std::string> text_at(const json& object, const char* key) {
  const json* value = member(object, key);
  return value != nullptr && value->is_string() ? std::optional(value->get<std::string>()) : std::nullopt;
}

std::optional<std::string> sha256_at(const json& hashes) {
  const auto written = text_at(hashes, "sha256");
  return written ? sha256_text(*written) : std::nullopt;
}

std::optional<std::string> yanked_at(const json& entry) {
  const json* value = member(entry, "yanked");
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) return value->get<std::string>();
  return value->is_boolean() && value->get<bool>() ? std::optional<std::string>("") : std::nullopt;
}

void read_core_metadata(const json& entry, IndexFile& file) {
  const json* value = member(entry, "core-metadata");
  if (value == nullptr) value = member(entry, "dist-info-metadata");
  if (value == nullptr) return;
  const bool there = value->is_object() || (value->is_boolean() && value->get<bool>());
  if (!there) return;
  file.core_metadata_url = file.url + ".metadata";
  file.core_metadata_sha256 = sha256_at(*value);
}

std::optional<IndexFile> read_file(const json& entry, std::string_view base_url) {
  const auto url = text_at(entry, "url");
  auto absolute = url ? resolve_link(base_url, *url) : std::nullopt;
  if (!absolute) return std::nullopt;
  IndexFile file;
  file.url = without_fragment(*absolute);
  file.name = text_at(entry, "filename").value_or(file_name_of(file.url));
  if (file.name.empty() || file.name.find('/') != std::string::npos) return std::nullopt;
  if (const json* hashes = member(entry, "hashes")) file.sha256 = sha256_at(*hashes);
  if (const json* size = member(entry, "size"); size != nullptr && size->is_number_unsigned()) {
    file.size = size->get<std::uint64_t>();
  }
  file.requires_python = text_at(entry, "requires-python");
  file.yanked = yanked_at(entry);
  read_core_metadata(entry, file);
  return file;
}

}  // namespace

tl::expected<std::vector<IndexFile>, ParseError> parse_simple_json(std::string_view bytes,
                                                                   std::string_view base_url) {
  const json page = json::parse(bytes, nullptr, false);
  if (page.is_discarded()) return tl::unexpected(ParseError{"it is not valid JSON"});
  if (const json* meta = member(page, "meta")) {
    const auto version = text_at(*meta, "api-version");
    if (version && !version->starts_with("1.")) {
      return tl::unexpected(ParseError{"its API version is " + version->substr(0, 20) + ", not 1"});
    }
  }
  const json* entries = member(page, "files");
  if (entries == nullptr || !entries->is_array())
    return tl::unexpected(ParseError{"it has no list of files"});
  std::vector<IndexFile> files;
  for (const json& entry : *entries) {
    if (auto file = read_file(entry, base_url)) files.push_back(std::move(*file));
  }
  return files;
}

}  // namespace wheelfit::catalog
