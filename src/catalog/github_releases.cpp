// SPDX-License-Identifier: Apache-2.0
#include "catalog/github_releases.hpp"

#include <nlohmann/json.hpp>

#include "catalog/index_page.hpp"

namespace wheelfit::catalog {
namespace {

using nlohmann::json;

std::optional<std::string> text_at(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? std::optional(found->get<std::string>())
                                                     : std::nullopt;
}

std::optional<GithubAsset> read_asset(const json& entry) {
  if (!entry.is_object()) return std::nullopt;
  GithubAsset asset;
  asset.name = text_at(entry, "name").value_or("");
  asset.url = text_at(entry, "browser_download_url").value_or("");
  if (!asset.name.ends_with(".whl") || asset.name.find('/') != std::string::npos || asset.url.empty()) {
    return std::nullopt;
  }
  if (text_at(entry, "state").value_or("uploaded") != "uploaded") return std::nullopt;
  if (const auto digest = text_at(entry, "digest"); digest && digest->starts_with("sha256:")) {
    asset.sha256 = sha256_text(std::string_view(*digest).substr(7));
  }
  if (const auto size = entry.find("size"); size != entry.end() && size->is_number_unsigned()) {
    asset.size = size->get<std::uint64_t>();
  }
  return asset;
}

}  // namespace

tl::expected<std::vector<GithubRelease>, ParseError> parse_github_releases(std::string_view bytes) {
  const json page = json::parse(bytes, nullptr, false);
  if (!page.is_array()) return tl::unexpected(ParseError{"it is not a list of releases"});
  std::vector<GithubRelease> releases;
  for (const json& entry : page) {
    if (!entry.is_object()) return tl::unexpected(ParseError{"it holds what is not a release"});
    const auto tag = text_at(entry, "tag_name");
    const auto draft = entry.find("draft");
    if (!tag || (draft != entry.end() && draft->is_boolean() && draft->get<bool>())) continue;
    GithubRelease release{*tag, text_at(entry, "published_at").value_or(""), {}};
    if (const auto assets = entry.find("assets"); assets != entry.end() && assets->is_array()) {
      for (const json& asset : *assets) {
        if (auto wheel = read_asset(asset)) release.wheels.push_back(std::move(*wheel));
      }
    }
    releases.push_back(std::move(release));
  }
  return releases;
}

}  // namespace wheelfit::catalog
