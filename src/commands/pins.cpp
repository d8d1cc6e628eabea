// SPDX-License-Identifier: Apache-2.0
#include "commands/pins.hpp"

#include <algorithm>

#include "commands/premises.hpp"
#include "commands/wheel_metadata.hpp"
#include "python/metadata.hpp"
#include "system/files.hpp"

namespace wheelfit::commands {

namespace {

// Nothing is missing where everything is to be pinned; torch stays where it is and is no pin.
install::Premises only_torch(install::Premises premises) {
  std::erase_if(premises.installed,
                [&](const auto& row) { return !premises.never_brought.contains(row.first); });
  return premises;
}

}  // namespace

// What is installed, each in its one version; what is not, as the index offers it.
class Pins::Supply final : public install::Supply {
 public:
  Supply(const probe::Environment& environment, IndexSupply& index)
      : environment_(environment), index_(index) {}

  void expect(const std::vector<std::string>& names) override { index_.expect(names); }

  void expect(const std::map<std::string, std::size_t>& offers) override {
    auto not_here = offers;
    std::erase_if(not_here, [this](const auto& offer) { return installed(offer.first).has_value(); });
    index_.expect(not_here);
  }

  std::vector<python::Version> versions(const std::string& name) override {
    const std::vector<python::Version> offered = index_.versions(name);
    const auto here = installed(name);
    if (!here) return offered;
    const auto same = std::ranges::find(offered, *here);
    if (same != offered.end()) offers_[name] = static_cast<std::size_t>(same - offered.begin());
    return {*here};
  }

  Text remark(const std::string& name) override { return index_.remark(name); }

  std::vector<std::string> requires_dist(const std::string& name, std::size_t offer) override {
    const probe::InstalledDistribution* distribution = environment_.interpreter.find(name);
    if (distribution == nullptr) return index_.requires_dist(name, offer);
    if (const auto content = system::read_file_if_any(distribution->metadata_path / "METADATA"))
      if (const auto metadata = python::Metadata::parse(*content)) return metadata->requires_dist;
    const auto there = offers_.find(name);
    return there == offers_.end() ? std::vector<std::string>() : index_.requires_dist(name, there->second);
  }

  // The offer of the index that is the one that was taken; nullopt: it has none of that version.
  std::optional<std::size_t> offer_of(const install::Companion& companion) const {
    if (!installed(companion.name)) return companion.offer;
    const auto there = offers_.find(companion.name);
    return there == offers_.end() ? std::nullopt : std::optional(there->second);
  }

  std::optional<python::Version> installed(const std::string& name) const {
    const probe::InstalledDistribution* distribution = environment_.interpreter.find(name);
    if (distribution == nullptr) return std::nullopt;
    const auto version = python::Version::parse(distribution->version);
    return version ? std::optional(*version) : std::nullopt;
  }

 private:
  const probe::Environment& environment_;
  IndexSupply& index_;
  std::map<std::string, std::size_t> offers_;
};

Pins::Pins(const probe::Environment& environment, const Settings& settings, system::World& world,
           system::HttpClient* http, const fetch::Store& store, Reporter& report)
    : environment_(environment),
      world_(world),
      http_(http),
      store_(store),
      report_(report),
      index_(environment, settings, world, http, store, IndexSupply::Unread::pass_over, report) {}

void Pins::pin(const install::Companion& companion, Supply& supply) {
  const auto known = std::ranges::find(pins_, companion.name, &render::PinnedDependency::distribution);
  if (known != pins_.end()) return;
  render::PinnedDependency pin;
  pin.distribution = companion.name;
  const auto offer = supply.offer_of(companion);
  install::Companion offered{offer ? companion.name : "", offer.value_or(0), {}};
  if (offer) {
    const catalog::Candidate& wheel = index_.wheel(offered);
    pin.version = wheel.fields.file.version.to_string();
    pin.file_name = wheel.name;
    pin.url = wheel.url;
    pin.sha256 = wheel.sha256.value_or("");
    pin.size = wheel.size.value_or(0);
  }
  if (const auto here = supply.installed(companion.name)) pin.version = here->to_string();
  pins_.push_back(std::move(pin));
  offers_.push_back(std::move(offered));
}

void Pins::add(const Decided& decided, const catalog::Candidate& wheel) {
  const auto rows = requirements_of(wheel, decided.recipe, store_, http_, world_.clock);
  if (!rows) report_.warning(text("what {} requires is not known here", wheel.name));
  Supply supply(environment_, index_);
  const install::Companions companions =
      install::find_companions(decided.decision.package, rows.value_or(std::vector<std::string>{}),
                               only_torch(premises_of(environment_)), supply);
  for (const install::Companion& companion : companions.found) pin(companion, supply);
  for (const install::Lacking& lacking : companions.lacking)
    report_.warning(text("{} is not pinned: {}", lacking.requirement, lacking.reason.english()));
}

void Pins::complete_hashes() {
  for (std::size_t at = 0; at < pins_.size(); ++at) {
    render::PinnedDependency& pin = pins_[at];
    if (!pin.sha256.empty()) continue;
    if (offers_[at].name.empty()) {
      report_.warning(text("{} {} is left out: the index has no wheel of it, so nothing gives its hash",
                           pin.distribution, pin.version));
      continue;
    }
    const fetch::FetchedFile file = index_.file(offers_[at]);
    pin.sha256 = file.sha256;
    pin.size = file.size;
  }
}

}  // namespace wheelfit::commands
