// SPDX-License-Identifier: Apache-2.0
#include "probe/distributions.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "probe/rooted_files.hpp"
#include "probe/text_scan.hpp"
#include "python/metadata.hpp"
#include "python/package_name.hpp"

namespace wheelfit::probe {
namespace {

constexpr std::string_view dist_info = ".dist-info";
constexpr std::string_view egg_info = ".egg-info";

bool is_editable(const std::filesystem::path& metadata) {
  const auto content = read_file(metadata / "direct_url.json");
  if (!content) return false;
  const auto document = nlohmann::json::parse(*content, nullptr, false);
  if (!document.is_object() || !document.contains("dir_info")) return false;
  const auto& directory = document["dir_info"];
  return directory.is_object() && directory.contains("editable") && directory["editable"] == true;
}

// Where the directory's name leaves name or version open, METADATA or PKG-INFO says them.
void ask_metadata(const std::filesystem::path& path, DistributionName& named) {
  const std::filesystem::path file = !directory_exists(path)            ? path
                                     : path.extension() == ".dist-info" ? path / "METADATA"
                                                                        : path / "PKG-INFO";
  const auto content = read_file(file, std::size_t{1} << 20);
  if (!content) return;
  const python::HeaderFields fields = python::HeaderFields::parse(*content);
  if (const auto name = fields.get("Name")) named.name = *name;
  if (const auto version = fields.get("Version")) named.version = *version;
}

class Collector {
 public:
  explicit Collector(std::vector<std::string>& remarks) : remarks_(remarks) {}

  void visit(const std::filesystem::path& directory) {
    seen_here_.clear();
    const std::filesystem::path egg = directory / "EGG-INFO";
    if (directory.extension() == ".egg" && directory_exists(egg)) add(directory, egg, {});
    const std::vector<std::string> names = names_in(directory);
    for (const std::string& name : names) {
      if (auto parsed = parse_metadata_directory(name)) add(directory, directory / name, std::move(*parsed));
    }
    // setup.py develop: the link lies here, the metadata in the project that a .pth file names.
    for (const std::string& name : names) {
      if (name.ends_with(".egg-link"))
        linked_.push_back(python::normalized_name(name.substr(0, name.size() - 9)));
    }
  }

  std::vector<InstalledDistribution> take() {
    std::vector<InstalledDistribution> list;
    for (auto& [name, distribution] : found_) {
      if (std::ranges::find(linked_, name) != linked_.end() &&
          distribution.metadata_path.extension() == ".egg-info") {
        distribution.editable = true;
      }
      list.push_back(std::move(distribution));
    }
    return list;
  }

 private:
  void add(const std::filesystem::path& directory, const std::filesystem::path& metadata,
           DistributionName named) {
    if (named.version.empty()) ask_metadata(metadata, named);
    if (named.name.empty()) return;
    const std::string name = python::normalized_name(named.name);
    const auto [here, first_here] = seen_here_.emplace(name, named.version);
    // Debian ships .dist-info and .egg-info side by side; two versions are a fault.
    if (!first_here && here->second != named.version) {
      remarks_.push_back(
          text("{} holds {} twice: {} and {}", directory.string(), name, here->second, named.version)
              .english());
    }
    if (found_.contains(name)) return;
    InstalledDistribution distribution{name, named.version, directory, metadata, "", false};
    if (metadata.extension() == dist_info) {
      distribution.installer = trimmed(read_file(metadata / "INSTALLER", 256).value_or(""));
      distribution.editable = is_editable(metadata);
    }
    found_.emplace(name, std::move(distribution));
  }

  std::vector<std::string>& remarks_;
  std::map<std::string, InstalledDistribution> found_;
  std::map<std::string, std::string> seen_here_;
  std::vector<std::string> linked_;
};

}  // namespace

std::optional<DistributionName> parse_metadata_directory(std::string_view name) {
  const bool egg = name.ends_with(egg_info);
  if ((!egg && !name.ends_with(dist_info)) || name.starts_with('~') || name.starts_with('.'))
    return std::nullopt;
  name.remove_suffix(egg ? egg_info.size() : dist_info.size());
  if (name.empty()) return std::nullopt;
  const std::size_t dash = name.find('-');
  if (dash == std::string_view::npos) return DistributionName{std::string(name), ""};
  std::string_view version = name.substr(dash + 1);
  if (egg) version = version.substr(0, version.find("-py"));
  // Old tools left '-' in names ("foo-bar-1.0.dist-info"): then only METADATA can tell.
  if (version.empty() || !is_digit(version.front())) return DistributionName{std::string(name), ""};
  return DistributionName{std::string(name.substr(0, dash)), std::string(version)};
}

std::vector<InstalledDistribution> find_distributions(
    const std::vector<std::filesystem::path>& site_directories, std::vector<std::string>& remarks) {
  Collector collector(remarks);
  for (const std::filesystem::path& directory : site_directories) collector.visit(directory);
  return collector.take();
}

}  // namespace wheelfit::probe
