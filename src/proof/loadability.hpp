// SPDX-License-Identifier: Apache-2.0
// What `proof` produces: whether a shared object would load in an environment, and why not. A plain value.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/reason.hpp"
#include "base/text.hpp"
#include "proof/search.hpp"

namespace wheelfit::proof {

enum class Verdict {
  fits,      // every library is found and every symbol bound
  unproven,  // nothing speaks against it, but something could not be decided: see the reasons
  refused,   // the loader would refuse it
};

// "fits", "unproven", "refused"
std::string_view to_string(Verdict verdict) noexcept;

struct NeededLibrary {
  std::string name;       // as DT_NEEDED says it
  std::string wanted_by;  // file name of the object that asks
  FoundBy found_by = FoundBy::nothing;
  std::filesystem::path path;  // "" where it was not found

  friend bool operator==(const NeededLibrary&, const NeededLibrary&) = default;
};

struct MissingReference {
  std::string symbol;  // as it is mangled
  std::string demangled;
  std::string version;    // "" where any would do
  std::string wanted_by;  // file name

  friend bool operator==(const MissingReference&, const MissingReference&) = default;
};

struct Needs {
  // Of the object and of what is loaded because of it; libraries already there are named once an asker.
  std::vector<NeededLibrary> libraries;
  std::size_t symbols = 0;  // undefined symbols of the object itself that the loader looks up
  std::size_t objects = 0;  // loaded because of it, itself included
  // The newest version of each family that the object itself asks for: {"GLIBC", "2.34"}.
  std::map<std::string, std::string> newest_versions;
};

struct Loadability {
  Verdict verdict = Verdict::unproven;
  std::vector<Reason> reasons;  // of a refusal the causes, of a doubt the doubts; none for `fits`
  Needs needs;
  std::vector<MissingReference> missing;  // all of them; `reasons` names one for each cause
  std::vector<Text> not_covered;          // what a proof that executes nothing cannot say
};

}  // namespace wheelfit::proof
