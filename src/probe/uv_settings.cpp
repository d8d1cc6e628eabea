// SPDX-License-Identifier: Apache-2.0
#include "probe/uv_settings.hpp"

#include <toml++/toml.h>

#include "probe/text_scan.hpp"
#include "probe/variable_list.hpp"

namespace wheelfit::probe {
namespace {

void take_string(const toml::node_view<const toml::node> node, const std::string& source,
                 Fact<std::string>& fact) {
  const auto value = node.value<std::string>();
  if (value && !fact.known()) fact = {*value, source};
}

void take_list(const toml::node_view<const toml::node> node, const std::string& source,
               std::vector<Fact<std::string>>& list) {
  const toml::array* array = node.as_array();
  if (array == nullptr) return;
  for (const toml::node& each : *array) {
    if (const auto value = each.value<std::string>()) list.emplace_back(*value, source);
  }
}

// [[index]]: url, default = true for the one that replaces uv's own.
void take_indexes(const toml::node_view<const toml::node> node, const std::string& source,
                  UvSettings& settings) {
  const toml::array* array = node.as_array();
  if (array == nullptr) return;
  for (const toml::node& each : *array) {
    const toml::table* table = each.as_table();
    const auto url = table == nullptr ? std::nullopt : (*table)["url"].value<std::string>();
    // An explicit index serves only packages that are pinned to it by name.
    if (!url || (*table)["explicit"].value_or(false)) continue;
    if ((*table)["default"].value_or(false)) {
      if (!settings.index_url.known()) settings.index_url = {*url, source};
    } else {
      settings.extra_index_urls.emplace_back(*url, source);
    }
  }
}

void take_table(const toml::node_view<const toml::node> table, const std::string& source,
                UvSettings& settings) {
  take_string(table["index-url"], source, settings.index_url);
  take_list(table["extra-index-url"], source, settings.extra_index_urls);
  take_list(table["find-links"], source, settings.find_links);
  const auto no_index = table["no-index"].value<bool>();
  if (no_index && !settings.no_index.known()) settings.no_index = {*no_index, source};
}

// Single values of `stronger` win; lists are joined, the stronger's first, as uv joins them.
void complete(UvSettings& stronger, const UvSettings& weaker) {
  if (!stronger.index_url.known()) stronger.index_url = weaker.index_url;
  if (!stronger.no_index.known()) stronger.no_index = weaker.no_index;
  const auto append = [](auto& list, const auto& more) { list.insert(list.end(), more.begin(), more.end()); };
  append(stronger.extra_index_urls, weaker.extra_index_urls);
  append(stronger.find_links, weaker.find_links);
}

UvSettings from_variables(const system::EnvironmentVariables& variables) {
  UvSettings settings;
  for (const char* name : {"UV_DEFAULT_INDEX", "UV_INDEX_URL"}) {
    const auto value = variables.get_nonempty(name);
    // "name=https://…" names the index.
    if (value && !settings.index_url.known())
      settings.index_url = {value->substr(value->find("=http") + 1), name};
  }
  for (const char* name : {"UV_INDEX", "UV_EXTRA_INDEX_URL"}) {
    for (std::string word : variable_list(variables, name, blanks)) {
      const std::size_t named = word.find("=http");
      if (named < word.find("://")) word.erase(0, named + 1);
      settings.extra_index_urls.emplace_back(std::move(word), name);
    }
  }
  for (const std::string& word : variable_list(variables, "UV_FIND_LINKS", ", \t\n")) {
    settings.find_links.emplace_back(word, "UV_FIND_LINKS");
  }
  return settings;
}

UvSettings from_file(const std::filesystem::path& file, UvFile kind) {
  const auto text = read_file(file);
  return text ? parse_uv_settings(*text, kind, file.string()) : UvSettings{};
}

// The nearest directory upwards with a uv.toml or a [tool.uv].
UvSettings of_the_project(const std::filesystem::path& current_directory) {
  for (auto directory = current_directory; directory.has_relative_path();
       directory = directory.parent_path()) {
    if (file_exists(directory / "uv.toml")) return from_file(directory / "uv.toml", UvFile::uv_toml);
    const UvSettings settings = from_file(directory / "pyproject.toml", UvFile::pyproject_toml);
    if (settings != UvSettings{}) return settings;
  }
  return {};
}

}  // namespace

UvSettings parse_uv_settings(std::string_view text, UvFile kind, const std::string& source) {
  UvSettings settings;
  try {
    const toml::table document = toml::parse(text);
    const toml::node* const node = kind == UvFile::uv_toml ? &document : document["tool"]["uv"].node();
    const toml::node_view<const toml::node> root(node);
    // uv pip reads [pip] before the rest.
    take_table(root["pip"], source, settings);
    take_indexes(root["index"], source, settings);
    take_table(root, source, settings);
  } catch (const toml::parse_error&) {
    return {};
  }
  return settings;
}

UvSettings find_uv_settings(const system::EnvironmentVariables& variables,
                            const std::filesystem::path& current_directory, const RootedFiles& files) {
  UvSettings settings = from_variables(variables);
  if (variables.get_nonempty("UV_NO_CONFIG")) return settings;
  if (const auto named = variables.get_nonempty("UV_CONFIG_FILE")) {
    complete(settings,
             from_file(files.environment(absolute_path(*named, current_directory)), UvFile::uv_toml));
    return settings;
  }
  complete(settings, of_the_project(current_directory));
  const auto config = variables.get_nonempty("XDG_CONFIG_HOME");
  const auto home = variables.get_nonempty("HOME");
  if (config || home) {
    const std::filesystem::path directory =
        config ? std::filesystem::path(*config) : std::filesystem::path(*home) / ".config";
    complete(settings, from_file(files.environment(directory) / "uv/uv.toml", UvFile::uv_toml));
  }
  complete(settings, from_file(files.machine("/etc/uv/uv.toml"), UvFile::uv_toml));
  return settings;
}

}  // namespace wheelfit::probe
