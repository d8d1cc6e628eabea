// SPDX-License-Identifier: Apache-2.0
#include "commands/conda_network.hpp"

#include <array>
#include <filesystem>

#include "system/curl_route.hpp"
#include "system/proxy.hpp"
#include "system/url.hpp"

namespace wheelfit::commands {

namespace {

namespace fs = std::filesystem;

// Who reads which, by docs.conda.io (user-guide/configuration: settings, non-standard-certs) and the code:
// - conda, and mamba where it is conda's: CONDA_SSL_VERIFY, a bundle or a directory; where it is only `true`,
//   requests reads REQUESTS_CA_BUNDLE (conda/conda: conda/gateways/connection/session.py).
// - micromamba, and mamba from 2.0 on: MAMBA_CACERT_PATH before MAMBA_SSL_VERIFY, unless that is `false`; a
//   bundle, whatever its help says of directories (mamba-org/mamba: libmamba/src/api/configuration.cpp,
//   libmamba/src/download/curl.cpp). REQUESTS_CA_BUNDLE does not reach them (issue 2650).
// - pixi: SSL_CERT_FILE and SSL_CERT_DIR (prefix-dev/pixi: crates/pixi_utils/src/tls.rs, of 2026).
// Proxies are the variables of requests, libcurl and reqwest. What pip alone knows (trusted-host) has no
// like: these programs verify every host or none.
constexpr std::array bundle_variables{"CONDA_SSL_VERIFY", "REQUESTS_CA_BUNDLE", "MAMBA_SSL_VERIFY",
                                      "MAMBA_CACERT_PATH", "SSL_CERT_FILE"};
constexpr std::array directory_variables{"CONDA_SSL_VERIFY", "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR"};

void tell_certificates(const system::HttpSettings& settings, std::map<std::string, std::string>& told) {
  const Fact<fs::path> trusted = system::trusted_certificates(settings);
  if (!trusted) return;
  const bool by_flag = settings.ca_certificate.known();
  const auto tell = [&](const char* name) {
    if (by_flag || !settings.variables.get_nonempty(name)) told[name] = fs::absolute(*trusted).string();
  };
  std::error_code unknown;
  if (fs::is_directory(*trusted, unknown))
    for (const char* name : directory_variables) tell(name);
  else
    for (const char* name : bundle_variables) tell(name);
}

}  // namespace

std::map<std::string, std::string> network_variables(const system::HttpSettings& settings) {
  auto told = system::proxy_variables(settings.proxy, settings.variables);
  tell_certificates(settings, told);
  if (settings.client_certificate && !settings.variables.get_nonempty("CONDA_CLIENT_SSL_CERT"))
    told["CONDA_CLIENT_SSL_CERT"] = fs::absolute(*settings.client_certificate).string();
  return told;
}

std::string without_credentials(std::string_view said, const std::map<std::string, std::string>& told) {
  std::string words(said);
  for (const auto& [name, value] : told) {
    const std::size_t shown = system::redacted(value).size();
    const std::size_t scheme = value.find("://");
    if (scheme == std::string::npos || shown >= value.size()) continue;
    const std::string login = value.substr(scheme + 3, value.size() - shown);  // with its '@'
    for (std::size_t at = words.find(login); at != std::string::npos; at = words.find(login, at))
      words.erase(at, login.size());
  }
  return words;
}

}  // namespace wheelfit::commands
