// SPDX-License-Identifier: Apache-2.0
// Which further distributions a wheel needs in an environment, down to the last, and which offer of each is
// taken. Pure but for what the caller's Supply does. No solver: the newest that nothing contradicts is taken,
// and one whose own requirements cannot be had is passed over.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "install/dependencies.hpp"
#include "python/marker.hpp"
#include "python/version.hpp"

namespace wheelfit::install {

// Where missing distributions can be had: an index, or a bundle.
class Supply {
 public:
  Supply() = default;
  Supply(const Supply&) = delete;
  Supply& operator=(const Supply&) = delete;
  virtual ~Supply() = default;

  // What will be asked next: one that has to wait for answers can wait for all of them together.
  virtual void expect(const std::vector<std::string>& /*names, for versions()*/) {}
  virtual void expect(const std::map<std::string, std::size_t>& /*offers, for requires_dist()*/) {}

  // The versions of a distribution (normalized name) that could be installed, the best first. Asked once for
  // each name.
  virtual std::vector<python::Version> versions(const std::string& name) = 0;
  // Why there are none, or none that will do: what is known beside the versions. May be empty.
  virtual Text remark(const std::string& name) = 0;
  // Requires-Dist of versions(name)[offer].
  virtual std::vector<std::string> requires_dist(const std::string& name, std::size_t offer) = 0;
};

struct Premises {
  python::MarkerEnvironment markers;
  InstalledVersions installed;
  std::set<std::string> never_brought;  // normalized; absent, they are a conflict
};

struct Companion {
  std::string name;                      // normalized
  std::size_t offer = 0;                 // an index into Supply::versions(name)
  std::vector<std::string> required_by;  // normalized, sorted

  friend bool operator==(const Companion&, const Companion&) = default;
};

struct Lacking {
  std::string name;
  std::string requirement;  // "einops>=0.7"
  std::string required_by;
  Text reason;  // one sentence
};

struct Companions {
  std::vector<Companion> found;               // sorted by name
  std::vector<Lacking> lacking;               // what nothing in the supply satisfies
  std::vector<DependencyConflict> conflicts;  // of the wheel itself with what is installed
  std::vector<Text> unreadable;               // rows of Requires-Dist that are no specifiers
};

// `requires_dist`: of the wheel of `distribution`. What `supply` throws passes through.
Companions find_companions(const std::string& distribution, const std::vector<std::string>& requires_dist,
                           const Premises& premises, Supply& supply);

}  // namespace wheelfit::install
