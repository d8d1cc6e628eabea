// SPDX-License-Identifier: Apache-2.0
#include "commands/dependencies_step.hpp"

#include "commands/caches.hpp"
#include "commands/premises.hpp"
#include "install/dependencies.hpp"
#include "install/installed.hpp"
#include "python/requirement.hpp"
#include "system/disk.hpp"
#include "system/temp_directory.hpp"

namespace wheelfit::commands {

namespace {

// The environment's own: pip where it has pip, else the uv that can serve any environment.
install::Installer installer_of(const probe::Environment& environment) {
  return environment.installer.pip_version ? install::Installer::pip : install::Installer::uv;
}

// What the flags ask of the network, said to the installer by its variables: no credential on a command line.
install::InstallerVariables variables_for(const Settings& settings) {
  install::InstallerVariables variables;
  const auto set = [&variables](const char* pip, const char* uv, const std::string& value) {
    variables[pip] = value;
    variables[uv] = value;
  };
  if (settings.sources.index_url) set("PIP_INDEX_URL", "UV_DEFAULT_INDEX", *settings.sources.index_url);
  std::string pages;
  for (const std::string& page : settings.sources.find_links) pages += (pages.empty() ? "" : " ") + page;
  if (!pages.empty()) set("PIP_FIND_LINKS", "UV_FIND_LINKS", pages);
  if (settings.network.proxy) set("PIP_PROXY", "ALL_PROXY", *settings.network.proxy);
  if (settings.network.ca_certificate) {
    set("PIP_CERT", "SSL_CERT_FILE", std::filesystem::absolute(*settings.network.ca_certificate).string());
  }
  if (settings.network.offline) set("PIP_NO_INDEX", "UV_OFFLINE", "1");
  if (settings.environment.break_system_packages) {
    set("PIP_BREAK_SYSTEM_PACKAGES", "UV_BREAK_SYSTEM_PACKAGES", "1");
  }
  return variables;
}

std::string name_of(const std::string& requirement) {
  const auto parsed = python::Requirement::parse(requirement);
  return parsed ? parsed->name : requirement;
}

bool on_one_filesystem(const std::filesystem::path& one, const std::filesystem::path& other) {
  const auto first = system::disk_of(one);
  const auto second = system::disk_of(other);
  return first && second && first->device == second->device;
}

// pip keeps what it downloads in a temporary directory until all is installed. Where its cache is full it
// does without; on the same filesystem the cache takes the room of the rest.
void add_room_of_pip(std::uint64_t packed, const std::filesystem::path& site,
                     const Fact<std::filesystem::path>& cache, const std::filesystem::path& temporary,
                     std::vector<system::Need>& needs) {
  needs.push_back(system::room_for_temporary(temporary, packed));
  if (cache && (on_one_filesystem(*cache, site) || on_one_filesystem(*cache, temporary)))
    needs.push_back({"pip-cache", *cache, packed});
}

// uv unpacks into its cache, and links from there where it can.
void add_room_of_uv(std::uint64_t unpacked, const std::filesystem::path& site,
                    const std::optional<std::filesystem::path>& cache, std::vector<system::Need>& needs) {
  if (cache && !on_one_filesystem(*cache, site)) needs.push_back({"uv-cache", *cache, unpacked});
}

}  // namespace

std::vector<system::Need> room_for_dependencies(const resolve::Forecast& forecast,
                                                const probe::Environment& environment,
                                                const Settings& settings, const system::World& world) {
  const auto& scheme = environment.interpreter.scheme;
  if (forecast.dependencies.empty() || !scheme) return {};
  std::uint64_t packed = 0;
  std::uint64_t unpacked = 0;
  for (const resolve::ForeseenDependency& dependency : forecast.dependencies) {
    const std::uint64_t size = dependency.download_bytes.value_or(0);
    packed += size;
    unpacked += dependency.disk_estimated ? size : dependency.disk_bytes.value_or(size);
  }
  const std::filesystem::path& site = scheme->platlib;
  const std::filesystem::path temporary = system::temporary_files(world.variables);
  std::vector<system::Need> needs{{"dependencies", site, unpacked}};
  if (installer_of(environment) == install::Installer::uv) {
    add_room_of_uv(unpacked, site, settings.store.keep ? uv_cache(world.variables) : temporary, needs);
  } else {
    const Fact<std::filesystem::path> none;
    add_room_of_pip(packed, site, settings.store.keep ? environment.installer.cache_directory : none,
                    temporary, needs);
  }
  return needs;
}

std::vector<std::string> add_missing_dependencies(const install::WheelSummary& summary,
                                                  const probe::Environment& environment,
                                                  const Settings& settings, system::World& world,
                                                  Reporter& report) {
  const install::Premises premises = premises_of(environment);
  const install::InstalledVersions& installed = premises.installed;
  const install::Dependencies needs = install::judge_dependencies(
      summary.name, summary.requires_dist, premises.markers, installed, premises.never_brought);
  for (const Text& row : needs.unreadable) report.warning(row);
  refuse_conflicts(needs.conflicts);
  if (needs.missing.empty()) return {};
  install::bring_missing(
      needs.missing, installed, *environment.interpreter.executable, installer_of(environment),
      variables_for(settings), world.processes, report,
      settings.store.keep ? install::InstallerCache::used : install::InstallerCache::unused);
  std::vector<std::string> added;
  for (const std::string& requirement : needs.missing) added.push_back(name_of(requirement));
  return added;
}

void remove_dependencies(const std::vector<std::string>& names, const install::Destination& destination,
                         Reporter& report) {
  std::vector<std::filesystem::path> dist_infos;
  for (const std::string& name : names) {
    for (const auto& dist_info : install::find_distribution(destination, name))
      dist_infos.push_back(dist_info);
  }
  if (!dist_infos.empty()) install::remove_distributions(dist_infos, destination, report).commit();
}

}  // namespace wheelfit::commands
