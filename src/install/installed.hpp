// SPDX-License-Identifier: Apache-2.0
// Which files belong to an installed distribution.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "install/install.hpp"

namespace wheelfit::install {

// The destination with every path made canonical, so that no symbolic link is met above its roots.
Destination canonical(const Destination& destination);
// Every root that a distribution of this environment may have files in; `site` is its own site directory.
std::vector<std::filesystem::path> roots_of(const Destination& destination,
                                            const std::filesystem::path& site);
bool is_below(const std::filesystem::path& path, const std::filesystem::path& root);

// "flash_attn-2.8.3.dist-info" -> "flash-attn" (normalized); "" for a directory that is none.
std::string distribution_of(const std::filesystem::path& dist_info);
// dist-info directories of `name` (any spelling) in purelib and platlib.
std::vector<std::filesystem::path> find_distribution(const Destination& destination, const std::string& name);

// What leaves with a distribution: the files of its RECORD that are there, their bytecode, and whatever lies
// in its dist-info. Throws Error{refused}: "egg-info", "no-record", "record" (unreadable), "path-escape" (a
// file outside the environment, also through a symbolic link).
std::set<std::filesystem::path> installed_files(const std::filesystem::path& dist_info,
                                                const Destination& destination);

// Who owns the files of an environment, by the RECORDs of its distributions. Read at the first question.
class Owners {
 public:
  // Distributions in `except` are left out.
  Owners(std::vector<std::filesystem::path> sites, std::vector<std::filesystem::path> except)
      : sites_(std::move(sites)), except_(std::move(except)) {}
  // "einops-0.8.0", or nullopt.
  std::optional<std::string> owner_of(const std::filesystem::path& file);

 private:
  void read_records();

  std::vector<std::filesystem::path> sites_;
  std::vector<std::filesystem::path> except_;
  std::optional<std::unordered_map<std::string, std::string>> owners_;
};

}  // namespace wheelfit::install
