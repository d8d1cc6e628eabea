// SPDX-License-Identifier: Apache-2.0
// What a distribution requires and the environment lacks, and having the environment's own installer bring it
// without moving anything that is there.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/reporter.hpp"
#include "base/text.hpp"
#include "python/marker.hpp"
#include "system/process.hpp"

namespace wheelfit::install {

// Normalized name -> version as its metadata spells it.
using InstalledVersions = std::map<std::string, std::string, std::less<>>;

struct DependencyConflict {
  std::string name;         // normalized
  std::string requirement;  // "torch>=2.6"
  std::string installed;    // version; "" where it is absent but must not be brought
  Text reason;              // one sentence
};

struct Dependencies {
  std::vector<std::string> missing;           // specifiers without markers, to be given to an installer
  std::vector<DependencyConflict> conflicts;  // never solved by moving what is installed
  std::vector<Text> unreadable;               // rows of Requires-Dist that are no specifiers
};

// Pure. Requirements of extras do not apply. A distribution in `never_brought` (normalized: torch) that is
// absent is a conflict instead of missing: which build of it fits is not an installer's to guess.
Dependencies judge_dependencies(const std::string& distribution,
                                const std::vector<std::string>& requires_dist,
                                const python::MarkerEnvironment& markers, const InstalledVersions& installed,
                                const std::set<std::string>& never_brought = {});

// A constraints file that holds everything installed at its version: "einops==0.8.0\n...". Pure.
std::string constraints_for(const InstalledVersions& installed);

enum class Installer { pip, uv };
enum class InstallerCache { used, unused };

// Runs `<interpreter> -m pip install --constraint FILE missing...`, or `uv pip install --python <interpreter>
// ...`, with `variables` (PIP_INDEX_URL, ...) laid over the process's own. Nothing that is installed changes its
// version. Throws Error{unreachable, "dependencies"} with the installer's last lines.
using InstallerVariables = std::map<std::string, std::string>;
void bring_missing(const std::vector<std::string>& missing, const InstalledVersions& installed,
                   const std::filesystem::path& interpreter, Installer installer,
                   const InstallerVariables& variables, system::ProcessRunner& processes, Reporter& report,
                   InstallerCache cache = InstallerCache::used);

}  // namespace wheelfit::install
