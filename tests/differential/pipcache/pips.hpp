// SPDX-License-Identifier: Apache-2.0
// Real pips, asked through oracle.py.
//   WHEELFIT_PIPS     a folder with one folder per release ("23.2.1"), each what its wheel holds
//   (scripts/lib.sh) WHEELFIT_PYTHONS  interpreters to run them with, colon-separated; else those of pyenv
//   and of PATH
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "python/version.hpp"

namespace wheelfit::test {

// What every oracle test is asked of. The last one is the newest of the index.
const std::vector<std::string>& pip_releases();

class Pip {
 public:
  // nullopt: this pip is not there, or no Python here runs it; `why` says it.
  static std::optional<Pip> find(const std::string& release, std::string& why);

  const python::Version& version() const noexcept { return version_; }
  bool is_at_least(std::uint64_t major, std::uint64_t minor) const;
  // One line of JSON for each question; "null" where pip raises.
  std::vector<std::string> ask(const std::vector<nlohmann::json>& questions) const;

 private:
  std::string folder_;
  std::string python_;
  python::Version version_;
};

}  // namespace wheelfit::test
