// SPDX-License-Identifier: Apache-2.0
#include "commands/bundle_supply.hpp"

#include <algorithm>

#include "commands/obtain.hpp"
#include "fetch/store_layout.hpp"
#include "python/package_name.hpp"
#include "python/wheel_filename.hpp"

namespace wheelfit::commands {

PackedWheel packed_wheel(const bundle::PackedFile& file) {
  return {file.name, file.url, file.source, file.sha256, file.size};
}

BundleSupply::BundleSupply(const bundle::Manifest& manifest, const fetch::Store& store,
                           const probe::Environment& environment) {
  const python::TagTarget target = probe::tag_target(environment);
  const auto& python = environment.interpreter.version;
  for (const bundle::PackedFile& file : manifest.files) {
    const BroughtWheel brought{fetch::finished_path(store, file.sha256, file.name), packed_wheel(file)};
    const install::WheelSummary summary = install::inspect_wheel(brought.path, file.name);
    const std::string name = python::normalized_name(summary.name);
    const auto parsed = python::WheelFilename::parse(file.name);  // inspect_wheel() has read it too
    const auto wanted = python::SpecifierSet::parse(summary.requires_python.value_or(""));
    const bool admitted = python::judge_tags(parsed->tags(), target).compatible &&
                          (!python || !wanted || wanted->admits(*python));
    if (admitted)
      offers_[name].push_back({brought, parsed->version, summary.requires_dist});
    else
      unfit_[name] = file.name;
  }
  for (auto& [name, offers] : offers_) std::ranges::sort(offers, std::greater<>(), &Offer::version);
}

std::vector<python::Version> BundleSupply::versions(const std::string& name) {
  std::vector<python::Version> versions;
  for (const Offer& offer : offers_[name]) versions.push_back(offer.version);
  return versions;
}

Text BundleSupply::remark(const std::string& name) {
  const auto unfit = unfit_.find(name);
  if (unfit != unfit_.end()) return text("{} in the bundle is not for this Python or machine", unfit->second);
  return text("{} is neither installed here nor in the bundle", name);
}

std::vector<std::string> BundleSupply::requires_dist(const std::string& name, std::size_t offer) {
  return offers_.at(name)[offer].requires_dist;
}

const BroughtWheel& BundleSupply::wheel(const install::Companion& companion) const {
  return offers_.at(companion.name)[companion.offer].brought;
}

}  // namespace wheelfit::commands
