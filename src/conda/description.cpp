// SPDX-License-Identifier: Apache-2.0
#include "conda/description.hpp"

#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

namespace wheelfit::conda {
namespace {

using nlohmann::json;

constexpr const char* oldest_placeholder = "/opt/anaconda1anaconda2anaconda3";

std::string text_at(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

tl::unexpected<ParseError> wrong(std::string message) {
  return tl::unexpected(ParseError{std::move(message)});
}

bool is_sha256(const std::string& word) {
  return word.size() == 64 && word.find_first_not_of("0123456789abcdef") == std::string::npos;
}

// Old packages name platform and machine instead.
std::string subdir_of(const json& index) {
  std::string subdir = text_at(index, "subdir");
  if (!subdir.empty() || text_at(index, "platform") != "linux") return subdir;
  const std::string machine = text_at(index, "arch");
  return machine == "x86_64" ? "linux-64" : machine == "aarch64" ? "linux-aarch64" : "";
}

PackagePath read_path(const json& row) {
  PackagePath path;
  path.path = text_at(row, "_path");
  path.placeholder = text_at(row, "prefix_placeholder");
  path.mode = text_at(row, "file_mode") == "binary" ? FileMode::binary : FileMode::text;
  path.symlink = text_at(row, "path_type") == "softlink";
  if (auto hash = text_at(row, "sha256"); is_sha256(hash)) path.sha256 = std::move(hash);
  return path;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

// A word, or what stands in quotes.
std::string_view take_word(std::string_view& line) {
  while (line.starts_with(' ')) line.remove_prefix(1);
  const char end = line.starts_with('"') || line.starts_with('\'') ? line.front() : ' ';
  if (end != ' ') line.remove_prefix(1);
  const std::size_t at = line.find(end);
  const std::string_view word = line.substr(0, at);
  line.remove_prefix(at == std::string_view::npos ? line.size() : at + 1);
  return word;
}

}  // namespace

tl::expected<PackageIndex, ParseError> parse_package_index(std::string_view bytes) {
  const json document = json::parse(bytes.begin(), bytes.end(), nullptr, false);
  if (!document.is_object()) return wrong("index.json is no JSON object");
  PackageIndex index;
  index.name = text_at(document, "name");
  index.version = text_at(document, "version");
  index.build = text_at(document, "build");
  index.subdir = subdir_of(document);
  index.noarch_python = text_at(document, "noarch") == "python";
  if (index.name.empty() || index.version.empty() || index.build.empty())
    return wrong("index.json lacks name, version or build");
  const auto depends = document.find("depends");
  if (depends != document.end() && depends->is_array()) {
    for (const json& each : *depends)
      if (each.is_string()) index.depends.push_back(each.get<std::string>());
  }
  return index;
}

tl::expected<std::vector<PackagePath>, ParseError> parse_paths(std::string_view bytes) {
  const json document = json::parse(bytes.begin(), bytes.end(), nullptr, false);
  const auto rows = document.is_object() ? document.find("paths") : document.end();
  if (!document.is_object() || rows == document.end() || !rows->is_array())
    return wrong("paths.json holds no paths");
  std::vector<PackagePath> paths;
  for (const json& row : *rows) {
    if (!row.is_object()) return wrong("paths.json holds a row that is no object");
    if (text_at(row, "path_type") == "directory") continue;
    paths.push_back(read_path(row));
    if (paths.back().path.empty()) return wrong("paths.json holds a row without a path");
  }
  return paths;
}

tl::expected<std::vector<PackagePath>, ParseError> parse_old_paths(std::string_view files,
                                                                   std::string_view has_prefix) {
  std::vector<PackagePath> paths;
  std::map<std::string, std::size_t, std::less<>> places;
  for (const std::string_view line : lines_of(files)) {
    places.emplace(line, paths.size());
    PackagePath path;
    path.path = line;
    paths.push_back(std::move(path));
  }
  for (std::string_view line : lines_of(has_prefix)) {
    const std::string_view first = take_word(line);
    const bool alone = line.empty();
    const std::string_view mode = alone ? "text" : take_word(line);
    const std::string_view name = alone ? first : take_word(line);
    const auto found = places.find(name);
    if (found == places.end() || (mode != "text" && mode != "binary"))
      return wrong("has_prefix holds a line that cannot be understood");
    paths[found->second].placeholder = alone ? oldest_placeholder : first;
    paths[found->second].mode = mode == "binary" ? FileMode::binary : FileMode::text;
  }
  return paths;
}

std::vector<std::string> parse_link_entry_points(std::string_view bytes) {
  std::vector<std::string> entry_points;
  const json document = json::parse(bytes.begin(), bytes.end(), nullptr, false);
  if (!document.is_object()) return entry_points;
  const auto noarch = document.find("noarch");
  if (noarch == document.end() || !noarch->is_object()) return entry_points;
  const auto rows = noarch->find("entry_points");
  if (rows == noarch->end() || !rows->is_array()) return entry_points;
  for (const json& row : *rows)
    if (row.is_string()) entry_points.push_back(row.get<std::string>());
  return entry_points;
}

}  // namespace wheelfit::conda
