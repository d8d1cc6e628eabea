// SPDX-License-Identifier: Apache-2.0
#include "install/companions.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "python/package_name.hpp"
#include "python/requirement.hpp"

namespace wheelfit::install {
namespace {

// Each pass settles at least one more distribution, or rules out an offer.
constexpr int most_passes = 500;

struct Wanted {
  std::vector<python::Requirement> requirements;  // without markers
  std::set<std::string> by;
  std::set<std::string> extras;
};

struct Offers {
  std::vector<python::Version> versions;
  std::set<std::size_t> ruled_out;
  Text why;  // the last one was ruled out
};

class Search {
 public:
  Search(const std::string& distribution, const std::vector<std::string>& requires_dist,
         const Premises& premises, Supply& supply)
      : root_(python::normalized_name(distribution)),
        root_rows_(requires_dist),
        premises_(premises),
        supply_(supply) {}

  Companions run() {
    for (int pass = 0; pass < most_passes; ++pass) {
      result_ = {};
      wanted_.clear();
      if (collect() && !choose()) break;
    }
    for (const auto& [name, offer] : chosen_)
      result_.found.push_back({name, offer, {wanted_[name].by.begin(), wanted_[name].by.end()}});
    return std::move(result_);
  }

 private:
  // Everything that the wheel and what is chosen so far require. False: a choice was ruled out on the way.
  bool collect() {
    if (!take(root_, root_rows_, {})) return false;
    std::map<std::string, std::set<std::string>> taken;  // with these extras
    supply_.expect(chosen_);
    for (bool more = true; more;) {
      more = false;
      for (const auto& [name, offer] : chosen_) {
        const auto wish = wanted_.find(name);
        if (wish == wanted_.end()) continue;
        const auto known = taken.find(name);
        if (known != taken.end() && known->second == wish->second.extras) continue;
        taken[name] = wish->second.extras;
        if (!take(name, supply_.requires_dist(name, offer), taken[name])) return false;
        more = true;
      }
    }
    return true;
  }

  bool take(const std::string& distribution, const std::vector<std::string>& rows,
            const std::set<std::string>& extras) {
    return std::ranges::all_of(rows, [&](const std::string& row) {
      const auto requirement = python::Requirement::parse(row);
      if (requirement) return !applies(*requirement, extras) || take(distribution, *requirement);
      if (distribution == root_)
        result_.unreadable.push_back(text("{} requires \"{}\", which is no requirement", distribution, row));
      return true;
    });
  }

  bool applies(const python::Requirement& requirement, const std::set<std::string>& extras) const {
    if (requirement.applies(premises_.markers)) return true;
    return std::ranges::any_of(extras, [&](const std::string& extra) {
      python::MarkerEnvironment markers = premises_.markers;
      markers["extra"] = extra;
      return requirement.applies(markers);
    });
  }

  bool take(const std::string& distribution, python::Requirement requirement) {
    const std::string name = python::normalized_name(requirement.name);
    if (name == root_) return true;  // it is being installed
    requirement.marker.reset();
    const Dependencies judged = judge_dependencies(distribution, {requirement.to_string()}, premises_.markers,
                                                   premises_.installed, premises_.never_brought);
    if (!judged.conflicts.empty()) return object(distribution, judged.conflicts.front());
    if (judged.missing.empty()) return true;
    if (requirement.url) {
      const Text reason =
          text("{} names an address for {}, and nothing but an index is asked", distribution, name);
      if (distribution != root_) return rule_out(distribution, reason);
      result_.lacking.push_back({name, requirement.to_string(), distribution, reason});
      return true;
    }
    Wanted& wanted = wanted_[name];
    for (const std::string& extra : requirement.extras) wanted.extras.insert(extra);
    wanted.by.insert(distribution);
    wanted.requirements.push_back(std::move(requirement));
    return true;
  }

  bool object(const std::string& distribution, const DependencyConflict& conflict) {
    if (distribution != root_) return rule_out(distribution, conflict.reason);
    result_.conflicts.push_back(conflict);
    return true;
  }

  bool rule_out(const std::string& distribution, const Text& why) {
    const auto chosen = chosen_.find(distribution);
    Offers& offers = offers_[distribution];
    offers.ruled_out.insert(chosen->second);
    offers.why = why;
    chosen_.erase(chosen);
    return false;
  }

  // An offer for everything wanted. True: something was chosen otherwise than before.
  bool choose() {
    std::map<std::string, std::size_t> before = std::exchange(chosen_, {});
    std::vector<std::string> names;
    for (const auto& [name, wanted] : wanted_) names.push_back(name);
    supply_.expect(names);
    for (const auto& [name, wanted] : wanted_) {
      const Offers& offers = offers_of(name);
      if (const auto offer = best(offers, wanted))
        chosen_[name] = *offer;
      else
        lack(name, wanted, offers);
    }
    return before != chosen_;
  }

  Offers& offers_of(const std::string& name) {
    const auto [offers, fresh] = offers_.try_emplace(name);
    if (fresh) offers->second.versions = supply_.versions(name);
    return offers->second;
  }

  // As pip does, a pre-release only where one is named or nothing else is there.
  static std::optional<std::size_t> best(const Offers& offers, const Wanted& wanted) {
    for (const bool by_default : {true, false}) {
      for (std::size_t at = 0; at < offers.versions.size(); ++at) {
        const bool fits = std::ranges::all_of(wanted.requirements, [&](const python::Requirement& wish) {
          return by_default ? wish.specifiers.admits_by_default(offers.versions[at])
                            : wish.specifiers.admits(offers.versions[at]);
        });
        if (fits && !offers.ruled_out.contains(at)) return at;
      }
    }
    return std::nullopt;
  }

  void lack(const std::string& name, const Wanted& wanted, const Offers& offers) {
    Text reason = supply_.remark(name);
    if (!offers.versions.empty())
      reason = offers.why.empty() ? text("none of the wheels of {} has a version that is admitted", name)
                                  : offers.why;
    if (reason.empty()) reason = text("there is no wheel of {} for that Python and machine", name);
    for (const python::Requirement& requirement : wanted.requirements)
      result_.lacking.push_back({name, requirement.to_string(), *wanted.by.begin(), reason});
  }

  const std::string root_;
  const std::vector<std::string>& root_rows_;
  const Premises& premises_;
  Supply& supply_;
  std::map<std::string, Wanted> wanted_;
  std::map<std::string, Offers> offers_;
  std::map<std::string, std::size_t> chosen_;
  Companions result_;
};

}  // namespace

Companions find_companions(const std::string& distribution, const std::vector<std::string>& requires_dist,
                           const Premises& premises, Supply& supply) {
  return Search(distribution, requires_dist, premises, supply).run();
}

}  // namespace wheelfit::install
