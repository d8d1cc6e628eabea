// SPDX-License-Identifier: Apache-2.0
// Wheels of any distribution for an environment, as the package index and the pages of links offer them. Each
// question is asked of the network once.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/reporter.hpp"
#include "catalog/catalog.hpp"
#include "commands/settings.hpp"
#include "fetch/fetch.hpp"
#include "install/companions.hpp"
#include "probe/environment.hpp"
#include "system/world.hpp"

namespace wheelfit::commands {

// The wheels among `candidates` that the environment's Python, by its tags and Requires-Python, admits and
// that are not yanked: newest first, of one version the best tag first. Pure.
std::vector<catalog::Candidate> admitted_wheels(
    const std::vector<catalog::Shared<catalog::Candidate>>& candidates,
    const probe::Environment& environment);

class IndexSupply final : public install::Supply {
 public:
  // What to do where only the whole wheel tells what it requires.
  enum class Unread { fetch, pass_over };

  // `http` may be null when offline. All must outlive it.
  IndexSupply(const probe::Environment& environment, const Settings& settings, system::World& world,
              system::HttpClient* http, fetch::Store store, Unread unread, Reporter& report)
      : environment_(environment),
        settings_(settings),
        world_(world),
        http_(http),
        store_(std::move(store)),
        unread_(unread),
        report_(report) {}

  void expect(const std::vector<std::string>& names) override;
  void expect(const std::map<std::string, std::size_t>& offers) override;
  std::vector<python::Version> versions(const std::string& name) override;
  Text remark(const std::string& name) override;
  std::vector<std::string> requires_dist(const std::string& name, std::size_t offer) override;

  const catalog::Candidate& wheel(const install::Companion& companion) const;
  fetch::FetchedFile file(const install::Companion& companion);

 private:
  struct Listed {
    catalog::Catalog catalog;
    std::vector<catalog::Candidate> wheels;
    std::map<std::size_t, std::vector<std::string>> requires_dist;  // by offer, as far as it was asked
  };
  Listed list(const std::string& name) const;

  const probe::Environment& environment_;
  const Settings& settings_;
  system::World& world_;
  system::HttpClient* http_;
  fetch::Store store_;
  Unread unread_;
  Reporter& report_;
  std::map<std::string, Listed> listed_;
};

}  // namespace wheelfit::commands
