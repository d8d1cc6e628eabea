// SPDX-License-Identifier: Apache-2.0
#include "commands/index_supply.hpp"

#include <algorithm>
#include <optional>
#include <tuple>

#include "base/activity.hpp"
#include "base/at_once.hpp"
#include "commands/environment_step.hpp"
#include "commands/no_network.hpp"
#include "commands/obtain.hpp"
#include "commands/wheel_metadata.hpp"
#include "install/install.hpp"
#include "python/tags.hpp"

namespace wheelfit::commands {

namespace {

// Any distribution: the environment's own index, and what the settings name beside it.
catalog::Recipe recipe_of(const std::string& name) {
  catalog::Recipe recipe;
  recipe.name = name;
  recipe.needs_torch = false;
  catalog::SourceDescription index;
  index.id = "index";
  index.kind = catalog::SourceKind::simple_index;
  recipe.sources.push_back(std::move(index));
  return recipe;
}

struct Ranked {
  catalog::Candidate wheel;
  std::size_t priority = 0;
};

}  // namespace

std::vector<catalog::Candidate> admitted_wheels(
    const std::vector<catalog::Shared<catalog::Candidate>>& candidates,
    const probe::Environment& environment) {
  const python::TagTarget target = probe::tag_target(environment);
  const auto& python = environment.interpreter.version;
  std::vector<Ranked> ranked;
  for (const auto& candidate : candidates) {
    if (candidate->yanked) continue;
    if (python && candidate->requires_python && !candidate->requires_python->admits(*python)) continue;
    const python::TagVerdict verdict = python::judge_tags(candidate->fields.file.tags(), target);
    if (verdict.compatible) ranked.push_back({*candidate, verdict.priority});
  }
  std::ranges::stable_sort(ranked, [](const Ranked& left, const Ranked& right) {
    return std::forward_as_tuple(right.wheel.fields.file.version, left.priority) <
           std::forward_as_tuple(left.wheel.fields.file.version, right.priority);
  });
  std::vector<catalog::Candidate> wheels;
  for (Ranked& each : ranked) wheels.push_back(std::move(each.wheel));
  return wheels;
}

IndexSupply::Listed IndexSupply::list(const std::string& name) const {
  NoNetwork none;
  SilentReporter silent;
  catalog::ListingRequest request = listing_request(settings_, environment_, world_);
  request.only_source.reset();  // --source speaks of the wheel, not of what it needs
  Listed listed;
  listed.catalog = catalog::list_candidates(recipe_of(name), request, http_ != nullptr ? *http_ : none,
                                            world_.clock, silent);
  listed.wheels = admitted_wheels(listed.catalog.candidates, environment_);
  return listed;
}

void IndexSupply::expect(const std::vector<std::string>& names) {
  std::vector<std::string> fresh;
  for (const std::string& name : names)
    if (!listed_.contains(name)) fresh.push_back(name);
  if (fresh.empty()) return;
  const Activity looking(report_, fresh.size() == 1
                                      ? text("Looking for wheels of {}", fresh.front())
                                      : text("Looking for wheels of {} distributions", fresh.size()));
  std::vector<Listed> found(fresh.size());
  at_once(fresh.size(), [&](std::size_t i) { found[i] = list(fresh[i]); });
  for (std::size_t i = 0; i < fresh.size(); ++i) listed_.emplace(fresh[i], std::move(found[i]));
}

// What METADATA does not tell is left to requires_dist().
void IndexSupply::expect(const std::map<std::string, std::size_t>& offers) {
  std::vector<std::pair<Listed*, std::size_t>> fresh;
  for (const auto& [name, offer] : offers) {
    const auto known = listed_.find(name);
    if (known != listed_.end() && !known->second.requires_dist.contains(offer))
      fresh.emplace_back(&known->second, offer);
  }
  std::vector<std::optional<python::Metadata>> found(fresh.size());
  at_once(fresh.size(), [&](std::size_t i) {
    const auto& [listed, offer] = fresh[i];
    found[i] = metadata_of(listed->wheels[offer], store_, http_, world_.clock);
  });
  for (std::size_t i = 0; i < fresh.size(); ++i)
    if (found[i]) fresh[i].first->requires_dist[fresh[i].second] = std::move(found[i]->requires_dist);
}

std::vector<python::Version> IndexSupply::versions(const std::string& name) {
  expect(std::vector{name});
  std::vector<python::Version> versions;
  for (const catalog::Candidate& wheel : listed_.at(name).wheels)
    versions.push_back(wheel.fields.file.version);
  return versions;
}

Text IndexSupply::remark(const std::string& name) {
  const Listed& listed = listed_.at(name);
  if (http_ == nullptr && listed.catalog.candidates.empty()) return text("no index can be asked here");
  if (!listed.catalog.candidates.empty() || !listed.catalog.sdists.empty()) {
    return text("none of the files of {} that are offered is a wheel for that Python and machine", name);
  }
  for (const catalog::SourceStatus& source : listed.catalog.sources)
    if (!source.remark.empty()) return text("{}: {}", source.id, source.remark.english());
  return {};
}

std::vector<std::string> IndexSupply::requires_dist(const std::string& name, std::size_t offer) {
  Listed& listed = listed_.at(name);
  const auto known = listed.requires_dist.find(offer);
  if (known != listed.requires_dist.end()) return known->second;
  const catalog::Candidate& wheel = listed.wheels[offer];
  if (auto metadata = metadata_of(wheel, store_, http_, world_.clock))
    return listed.requires_dist[offer] = std::move(metadata->requires_dist);
  if (unread_ == Unread::pass_over) {
    report_.warning(text("what {} requires is not known here", wheel.name));
    return {};
  }
  const fetch::FetchedFile fetched =
      obtain_candidate(wheel, listed.catalog, store_, settings_, world_, http_, report_);
  return listed.requires_dist[offer] = install::inspect_wheel(fetched.path, wheel.name).requires_dist;
}

const catalog::Candidate& IndexSupply::wheel(const install::Companion& companion) const {
  return listed_.at(companion.name).wheels[companion.offer];
}

fetch::FetchedFile IndexSupply::file(const install::Companion& companion) {
  return obtain_candidate(wheel(companion), listed_.at(companion.name).catalog, store_, settings_, world_,
                          http_, report_);
}

}  // namespace wheelfit::commands
