// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "index/page.hpp"

namespace wheelfit::index {
namespace {

// Which hash stands first matters to pip.
using Json = nlohmann::ordered_json;

const Json* member(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

std::optional<std::string> text_at(const Json& object, const char* key) {
  const Json* value = member(object, key);
  return value != nullptr && value->is_string() ? std::optional(value->get<std::string>()) : std::nullopt;
}

std::vector<std::pair<std::string, std::string>> texts_in(const Json& object) {
  std::vector<std::pair<std::string, std::string>> texts;
  if (!object.is_object()) return texts;
  for (const auto& [key, value] : object.items()) {
    if (value.is_string()) texts.emplace_back(key, value.get<std::string>());
  }
  return texts;
}

std::optional<std::string> yanked_at(const Json& entry) {
  const Json* value = member(entry, "yanked");
  if (value == nullptr) return std::nullopt;
  // What is truthy counts.
  if (value->is_string() && !value->get_ref<const std::string&>().empty()) return value->get<std::string>();
  return value->is_boolean() && value->get<bool>() ? std::optional<std::string>("") : std::nullopt;
}

std::optional<std::map<std::string, std::string>> core_metadata_of(const Json& entry) {
  const Json* value = member(entry, "core-metadata");
  if (value == nullptr) value = member(entry, "dist-info-metadata");
  if (value == nullptr) return std::nullopt;
  if (!value->is_object() && !(value->is_boolean() && value->get<bool>())) return std::nullopt;
  const auto texts = texts_in(*value);
  return std::map<std::string, std::string>(texts.begin(), texts.end());
}

JsonFile read_file(const Json& entry) {
  JsonFile file;
  file.url = text_at(entry, "url");
  file.filename = text_at(entry, "filename");
  if (const Json* hashes = member(entry, "hashes")) file.hashes = texts_in(*hashes);
  if (const Json* size = member(entry, "size"); size != nullptr && size->is_number_unsigned()) {
    file.size = size->get<std::uint64_t>();
  }
  file.requires_python = text_at(entry, "requires-python");
  file.yanked = yanked_at(entry);
  file.core_metadata = core_metadata_of(entry);
  return file;
}

}  // namespace

tl::expected<JsonPage, ParseError> parse_json(std::string_view bytes) {
  const Json document = Json::parse(bytes, nullptr, false);
  if (document.is_discarded()) return tl::unexpected(ParseError{"it is not valid JSON"});
  if (const Json* meta = member(document, "meta")) {
    const auto version = text_at(*meta, "api-version");
    if (version && !version->starts_with("1.")) {
      return tl::unexpected(ParseError{"its API version is " + version->substr(0, 20) + ", not 1"});
    }
  }
  const Json* entries = member(document, "files");
  if (entries == nullptr || !entries->is_array())
    return tl::unexpected(ParseError{"it has no list of files"});
  JsonPage page;
  page.files.reserve(entries->size());
  for (const Json& entry : *entries) page.files.push_back(read_file(entry));
  return page;
}

bool is_json(std::string_view content_type, std::string_view bytes) {
  std::string type(content_type.substr(0, content_type.find(';')));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  for (char& c : type) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (type == "application/vnd.pypi.simple.v1+json" || type == "application/json") return true;
  if (type.ends_with("html")) return false;
  const std::size_t first = bytes.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && bytes[first] == '{';
}

}  // namespace wheelfit::index
