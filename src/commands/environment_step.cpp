// SPDX-License-Identifier: Apache-2.0
#include "commands/environment_step.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "base/error.hpp"
#include "commands/caches.hpp"
#include "probe/environment_json.hpp"
#include "probe/probe.hpp"
#include "probe/target.hpp"
#include "system/curl_http.hpp"

namespace wheelfit::commands {

namespace {

std::string whole_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(ErrorKind::usage, text("cannot read {}", file.string()));
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

probe::Environment described_environment(const std::string& target, const system::World& world) {
  const std::filesystem::path file = world.current_directory / target;
  const bool is_file = target.ends_with(".json") || std::filesystem::is_regular_file(file);
  return is_file ? probe::environment_from_json(whole_file(file)) : probe::environment_from_spec(target);
}

}  // namespace

std::filesystem::path store_directory(const Settings& settings, const system::World& world) {
  if (settings.store.directory) return world.current_directory / *settings.store.directory;
  if (const auto cache = home_cache(world.variables, "wheelfit")) return *cache;
  return std::filesystem::temp_directory_path() / "wheelfit";
}

probe::Environment read_environment(const Settings& settings, system::World& world, TargetMeans target) {
  probe::Environment environment;
  if (settings.environment.target && target == TargetMeans::everything) {
    environment = described_environment(*settings.environment.target, world);
  } else {
    probe::ProbeRequest request;
    if (settings.environment.python) request.python = world.current_directory / *settings.environment.python;
    request.store = store_directory(settings, world);
    environment = probe::probe(request, world);
    if (settings.environment.target)
      environment.accelerators = described_environment(*settings.environment.target, world).accelerators;
  }
  for (const std::string& override_ : settings.environment.overrides)
    probe::override_fact(environment, override_);
  return environment;
}

void use_network_of_this_machine(probe::Environment& described, const Settings& settings,
                                 system::World& world) {
  if (!described.described_only()) return;
  const probe::InstallerSettings there = std::exchange(described.installer, {});
  Settings here = settings;
  here.environment.target.reset();
  here.environment.overrides.clear();
  try {
    described.installer = read_environment(here, world).installer;
  } catch (const Error& error) {
    if (settings.environment.python || error.kind() == ErrorKind::interrupted) throw;
    // No Python here: variables and flags are all there is.
  }
  if (!described.installer.index_url) {
    described.installer.index_url = there.index_url;
    described.installer.extra_index_urls = there.extra_index_urls;
  }
  described.installer.pip_version = there.pip_version;
}

install::Destination writable_destination(const probe::Environment& environment, const Settings& settings,
                                          Reporter& report) {
  if (environment.described_only()) {
    throw Error(ErrorKind::usage, text("--target describes a machine, nothing can be installed into it"),
                {text("run this there, or use `wheelfit fetch` to get the wheel")});
  }
  const probe::Interpreter& interpreter = environment.interpreter;
  const bool managed = interpreter.externally_managed && *interpreter.externally_managed;
  if (managed && !settings.environment.break_system_packages) {
    throw Error(ErrorKind::refused,
                text("{} is managed by the operating system ({})",
                     interpreter.executable ? interpreter.executable->string() : "this Python",
                     interpreter.externally_managed.source),
                {text("python3 -m venv .venv"), text("or give --break-system-packages")})
        .with_code("externally-managed");
  }
  if (!interpreter.scheme || !interpreter.executable) {
    throw Error(ErrorKind::refused, text("where this Python keeps its packages could not be found out"),
                {text("name the environment with --python")});
  }
  const probe::InstallScheme& scheme = *interpreter.scheme;
  install::Destination destination{scheme.purelib, scheme.platlib, scheme.scripts,
                                   scheme.headers, scheme.data,    *interpreter.executable};
  for (const Text& recovered : install::recover(destination)) report.warning(recovered);
  return destination;
}

namespace {

// pip brings the certificates of the public authorities along.
Fact<std::filesystem::path> certificates_of(const probe::Interpreter& interpreter) {
  for (const auto& [name, place] :
       {std::pair{"pip", "pip/_vendor/certifi/cacert.pem"}, std::pair{"certifi", "certifi/cacert.pem"}}) {
    const probe::InstalledDistribution* distribution = interpreter.find(name);
    std::error_code failed;
    if (distribution != nullptr && std::filesystem::exists(distribution->location / place, failed))
      return {distribution->location / place, name};
  }
  return {};
}

}  // namespace

system::HttpSettings http_settings(const Settings& settings, const probe::Environment& environment,
                                   const system::World& world) {
  const probe::InstallerSettings& installer = environment.installer;
  system::HttpSettings http;
  http.proxy = installer.proxy;
  if (settings.network.proxy) http.proxy = {*settings.network.proxy, "--proxy"};
  if (settings.network.ca_certificate) http.ca_certificate = {*settings.network.ca_certificate, "--cacert"};
  http.installer_certificate = installer.certificate;
  http.spare_certificates = certificates_of(environment.interpreter);
  if (installer.client_certificate) http.client_certificate = *installer.client_certificate;
  http.trusted_hosts = installer.trusted_hosts;
  http.connect_timeout = settings.network.timeout;
  http.first_byte_timeout = settings.network.timeout;
  // The same least rate over any window: a user who waits less wants no faster network.
  http.stall_bytes =
      http.stall_bytes * static_cast<std::uint64_t>(settings.network.stall_timeout.count()) / 20;
  http.stall_window = settings.network.stall_timeout;
  http.variables = world.variables;
  return http;
}

std::unique_ptr<system::HttpClient> connect(const Settings& settings, const probe::Environment& environment,
                                            system::World& world) {
  return world.connect(http_settings(settings, environment, world));
}

catalog::ListingRequest listing_request(const Settings& settings, const probe::Environment& environment,
                                        const system::World& world) {
  catalog::ListingRequest request;
  const probe::InstallerSettings& installer = environment.installer;
  const bool no_index = installer.no_index && *installer.no_index && !settings.sources.index_url;
  if (settings.sources.index_url)
    request.indexes.index_url = *settings.sources.index_url;
  else if (installer.index_url && !no_index)
    request.indexes.index_url = *installer.index_url;
  request.indexes.extra_index_urls = settings.sources.extra_index_urls;
  request.indexes.find_links = settings.sources.find_links;
  if (!settings.sources.index_url && !no_index) {
    for (const auto& extra : installer.extra_index_urls) request.indexes.extra_index_urls.push_back(*extra);
  }
  for (const auto& page : installer.find_links) request.indexes.find_links.push_back(*page);
  request.offline = settings.network.offline;
  request.github_token = world.variables.get_nonempty("GITHUB_TOKEN");
  if (!settings.network.github_apis.empty()) request.github_apis = settings.network.github_apis;
  if (!settings.network.github.empty()) request.github = settings.network.github.front();
  if (settings.store.keep) request.cache = store_directory(settings, world) / "listings";
  request.conda_channel = settings.network.conda_channel;
  request.platform = environment.interpreter.platform.value;
  request.only_source = settings.sources.only;
  return request;
}

std::optional<resolve::InstalledState> installed_state(const probe::Environment& environment,
                                                       const std::string& package) {
  const probe::InstalledDistribution* distribution = environment.interpreter.find(package);
  if (distribution == nullptr) return std::nullopt;
  resolve::InstalledState state;
  state.version = distribution->version;
  const auto receipt = install::read_receipt(distribution->metadata_path);
  if (!receipt) {
    state.remark = text("it has no receipt of wheelfit's");
    return state;
  }
  const std::string torch_now = environment.torch.version ? environment.torch.version->to_string() : "";
  if (receipt->torch != torch_now) {
    state.remark =
        text("it was proven with torch {}, now there is {}", receipt->torch.empty() ? "none" : receipt->torch,
             torch_now.empty() ? "none" : torch_now);
    return state;
  }
  state.proven =
      std::any_of(receipt->proofs.begin(), receipt->proofs.end(), [](const install::ProofRecord& proof) {
        return proof.passed && (proof.kind == "import" || proof.kind == "gpu");
      });
  if (!state.proven) state.remark = text("it was installed without being imported");
  return state;
}

}  // namespace wheelfit::commands
