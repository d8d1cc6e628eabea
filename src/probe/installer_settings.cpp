// SPDX-License-Identifier: Apache-2.0
#include "probe/installer_settings.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "base/text.hpp"
#include "probe/pip_options.hpp"
#include "probe/site_directories.hpp"
#include "probe/text_scan.hpp"
#include "probe/uv_settings.hpp"

namespace wheelfit::probe {
namespace {

Fact<std::string> default_index_of(const InstalledDistribution& pip) {
  // Up to pip 9 the file lay one directory higher.
  for (const char* name : {"pip/_internal/models/index.py", "pip/models/index.py"}) {
    const std::filesystem::path file = pip.location / name;
    const auto address = default_index_in(read_file(file).value_or(""));
    if (address) return {*address, file.string()};
  }
  return {};
}

// pip's check_path_owner(): root does not use a cache that belongs to somebody else (sudo without -H).
bool is_usable_cache(const std::filesystem::path& cache) {
  std::filesystem::path at = cache;
  while (!path_exists(at) && at.has_relative_path()) at = at.parent_path();
  struct stat status{};
  if (geteuid() == 0) return stat(at.c_str(), &status) == 0 && status.st_uid == 0;
  return access(at.c_str(), W_OK) == 0;
}

Fact<std::filesystem::path> cache_directory(const PipOptions& options,
                                            const system::EnvironmentVariables& variables,
                                            const std::filesystem::path& current_directory,
                                            const RootedFiles& files, bool has_pip) {
  Fact<std::filesystem::path> cache;
  // Whatever boolean it is given, even false: pip keeps that for old scripts' sake.
  if (const auto off = options.get_flag("no-cache-dir"); off.known()) {
    cache.source = text("{} turns pip's cache off", off.source).english();
    return cache;
  }
  if (const auto set = options.get("cache-dir"); set.known()) {
    cache = {files.environment(absolute_path(with_home(*set, variables), current_directory)), set.source};
  } else if (const auto base = variables.get_nonempty("XDG_CACHE_HOME"); base && has_pip) {
    cache = {files.environment(std::filesystem::path(*base)) / "pip", "XDG_CACHE_HOME"};
  } else if (const auto home = variables.get_nonempty("HOME"); home && has_pip) {
    cache = {files.environment(std::filesystem::path(*home)) / ".cache/pip", "pip's default"};
  }
  if (cache.known() && !is_usable_cache(*cache)) {
    cache.source = text("{} belongs to another user, so pip does not use it", cache->string()).english();
    cache.value.reset();
  }
  return cache;
}

void take_cache_options(const PipOptions& options, InstallerSettings& settings) {
  if (options.get_flag("no-cache-dir").known()) settings.no_cache_dir = options.get("no-cache-dir");
  settings.no_binary = options.get_each("no-binary");
  settings.only_binary = options.get_each("only-binary");
  settings.require_hashes = options.get_flag("require-hashes");
  settings.prefer_binary = options.get_flag("prefer-binary");
  settings.prereleases = options.get_flag("pre");
  settings.ignore_requires_python = options.get_flag("ignore-requires-python");
  for (const Fact<std::string>& feature : options.get_all("use-deprecated")) {
    if (*feature == "legacy-resolver") settings.legacy_resolver = {true, feature.source};
  }
}

void take_uv_settings(UvSettings uv, InstallerSettings& settings) {
  if (uv.index_url.known()) settings.index_url = std::move(uv.index_url);
  if (uv.no_index.known()) settings.no_index = std::move(uv.no_index);
  if (!uv.extra_index_urls.empty()) settings.extra_index_urls = std::move(uv.extra_index_urls);
  if (!uv.find_links.empty()) settings.find_links = std::move(uv.find_links);
}

}  // namespace

std::optional<std::string> default_index_in(std::string_view models_index) {
  for (const std::string_view call : {"PackageIndex(", "Index("}) {
    for (std::size_t at = models_index.find(call); at != std::string_view::npos;
         at = models_index.find(call, at + 1)) {
      const std::string_view arguments = models_index.substr(at + call.size(), 400);
      const std::size_t open = arguments.find_first_of("'\")");
      if (open == std::string_view::npos || arguments[open] == ')') continue;
      const std::size_t close = arguments.find(arguments[open], open + 1);
      if (close == std::string_view::npos) continue;
      std::string address(arguments.substr(open + 1, close - open - 1));
      if (!address.starts_with("http://") && !address.starts_with("https://")) continue;
      // urljoin(address, "simple") replaces what follows the last '/' of the path.
      const std::size_t slash = address.rfind('/');
      if (slash < address.find("://") + 3) return address + "/simple";
      return address.substr(0, slash + 1) + "simple";
    }
  }
  return std::nullopt;
}

InstallerSettings find_installer_settings(const Interpreter& interpreter,
                                          const system::EnvironmentVariables& variables,
                                          const std::filesystem::path& current_directory,
                                          const RootedFiles& files) {
  const PipOptions options = PipOptions::load(interpreter.prefix.value, variables, files);
  const InstalledDistribution* pip = interpreter.find("pip");
  InstallerSettings settings;
  if (pip != nullptr) {
    const auto version = python::Version::parse(pip->version);
    if (version) settings.pip_version = {*version, pip->metadata_path.string()};
  }
  const bool made_by_uv = interpreter.kind.known() && *interpreter.kind == "uv";
  if (interpreter.kind.known()) settings.uv_environment = {made_by_uv, interpreter.kind.source};
  settings.index_url = options.get("index-url");
  if (!settings.index_url.known()) settings.index_url = options.get("pypi-url");  // pip's older name for it
  settings.extra_index_urls = options.get_all("extra-index-url");
  settings.find_links = options.get_all("find-links");
  settings.no_index = options.get_flag("no-index");
  settings.proxy = options.get("proxy");
  settings.client_certificate = options.get("client-cert");
  if (const auto certificate = options.get("cert"); certificate.known()) {
    settings.certificate = {files.environment(with_home(*certificate, variables)), certificate.source};
  }
  for (const Fact<std::string>& host : options.get_all("trusted-host"))
    settings.trusted_hosts.push_back(*host);
  settings.cache_directory = cache_directory(options, variables, current_directory, files, pip != nullptr);
  take_cache_options(options, settings);
  if (made_by_uv || pip == nullptr)
    take_uv_settings(find_uv_settings(variables, current_directory, files), settings);
  if (!settings.index_url.known() && pip != nullptr) settings.index_url = default_index_of(*pip);
  return settings;
}

}  // namespace wheelfit::probe
