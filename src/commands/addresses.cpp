// SPDX-License-Identifier: Apache-2.0
#include "commands/addresses.hpp"

#include <algorithm>

#include "system/url.hpp"

namespace wheelfit::commands {

namespace {

using Standing = fetch::Address::Standing;

constexpr std::string_view github = "https://github.com";
constexpr std::string_view hugging_face = "https://huggingface.co";

std::string without_slash(std::string text) {
  while (text.ends_with('/')) text.pop_back();
  return text;
}

// "/owner/x" of "https://github.com/owner/x" and of what lies below any of `hosts`.
std::optional<std::string> path_below(const std::string& url, std::string_view site,
                                      const std::vector<std::string>& hosts) {
  std::vector<std::string> all{std::string(site)};
  for (const std::string& host : hosts) all.push_back(without_slash(host));
  for (const std::string& host : all) {
    if (!host.empty() && url.starts_with(host + "/")) return url.substr(host.size());
  }
  return std::nullopt;
}

// The publisher's own address and the mirrors', in the order in which they are asked.
struct Site {
  std::string_view home;
  std::vector<std::string> in_its_place;  // hosts
  std::vector<std::string> before;        // prefixes
  Text why;
};

std::vector<fetch::Address> addresses_at(const Site& site, const std::string& path,
                                         const std::optional<std::string>& token) {
  const std::string original = std::string(site.home) + path;
  const fetch::Address own{original, token, Standing::trusted, {}};
  std::vector<fetch::Address> addresses;
  for (const std::string& host : site.in_its_place) {
    const bool home = without_slash(host) == site.home;
    addresses.push_back(
        home ? own
             : fetch::Address{without_slash(host) + path, std::nullopt, Standing::third_party, site.why});
  }
  if (addresses.empty()) addresses.push_back(own);
  for (const std::string& prefix : site.before) {
    addresses.push_back(
        {without_slash(prefix) + "/" + original, std::nullopt, Standing::third_party, site.why});
  }
  return addresses;
}

std::vector<fetch::Address> all_addresses(const std::string& url, const NetworkSettings& network,
                                          const system::EnvironmentVariables& variables) {
  const Site at_github{github, network.github, network.github_mirrors, text("a mirror of GitHub")};
  if (const auto path = path_below(url, github, network.github))
    return addresses_at(at_github, *path, variables.get_nonempty("GITHUB_TOKEN"));
  const auto endpoint = network.hf_endpoint ? network.hf_endpoint : variables.get_nonempty("HF_ENDPOINT");
  const auto path = path_below(url, hugging_face, {});
  if (path && endpoint && without_slash(*endpoint) != hugging_face) {
    Site at_hugging_face{hugging_face, {*endpoint}, {}, text("a mirror of Hugging Face")};
    at_hugging_face.in_its_place.emplace_back(hugging_face);
    return addresses_at(at_hugging_face, *path, std::nullopt);
  }
  return {{url, std::nullopt, Standing::trusted, {}}};
}

}  // namespace

Vouched vouched(const catalog::Candidate& candidate) noexcept {
  if (candidate.sha256) return Vouched::by_hash;
  return candidate.size ? Vouched::by_size : Vouched::not_at_all;
}

std::vector<fetch::Address> addresses_of(const std::string& url, Vouched vouched,
                                         const NetworkSettings& network,
                                         const system::EnvironmentVariables& variables,
                                         std::vector<std::string>* left_out) {
  if (url.empty()) return {};
  std::vector<fetch::Address> addresses = all_addresses(url, network, variables);
  if (vouched != Vouched::not_at_all) return addresses;
  std::vector<fetch::Address> own;
  for (const fetch::Address& address : addresses) {
    if (address.standing == Standing::trusted) {
      own.push_back(address);
    } else if (left_out != nullptr) {
      left_out->push_back(system::redacted(address.url));
    }
  }
  if (!own.empty()) return own;
  const auto path = path_below(url, github, network.github);
  return {{path ? std::string(github) + *path : url,
           variables.get_nonempty("GITHUB_TOKEN"),
           Standing::trusted,
           {}}};
}

fetch::Artifact artifact_of(const catalog::Candidate& candidate) {
  return {{{candidate.url}}, candidate.name, candidate.sha256, candidate.size};
}

fetch::Artifact artifact_of(const catalog::Candidate& candidate, Vouched vouched,
                            const NetworkSettings& network, const system::EnvironmentVariables& variables,
                            std::vector<std::string>* left_out) {
  // Who gives an address by hand trusts it, a mirror's too.
  const bool by_hand = candidate.source == "url" && !path_below(candidate.url, github, {});
  if (by_hand && vouched == Vouched::not_at_all) return artifact_of(candidate);
  return {addresses_of(candidate.url, vouched, network, variables, left_out), candidate.name,
          candidate.sha256, candidate.size};
}

}  // namespace wheelfit::commands
