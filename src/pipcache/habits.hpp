// SPDX-License-Identifier: Apache-2.0
// Would a pip, with the user's settings, look into its wheel cache for what it is asked to install, and take
// a wheel that it finds there? The rules are data (data/pip.toml, a source per row).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fact.hpp"
#include "base/text.hpp"
#include "probe/environment.hpp"
#include "python/version.hpp"

namespace wheelfit::pipcache {

enum class PipCommand { install, wheel, download };

enum class RequestForm {
  name,              // NAME==2.8.3, from an index or a page of links
  named_address,     // NAME @ https://…/x.tar.gz
  named_repository,  // NAME @ git+https://…@tag
  bare_address,      // https://…/x.tar.gz
  local_directory,   // ./checkout, or NAME @ file:///…/checkout
  editable,          // -e
};

struct PipUse {
  python::Version pip;
  std::string package;  // normalized
  PipCommand command = PipCommand::install;
  RequestForm form = RequestForm::name;
  Fact<std::string> no_cache_dir;            // any value, even "false"
  std::vector<Fact<std::string>> no_binary;  // in the order given: "a,b", ":all:", ":none:"
  std::vector<Fact<std::string>> only_binary;
  Fact<bool> require_hashes;
  Fact<bool> legacy_resolver;  // --use-deprecated=legacy-resolver
};

// What the settings say. A pip whose release is not known counts as the newest.
PipUse pip_use(const probe::InstallerSettings& settings, std::string package);

enum class HabitCode {
  no_cache,
  owner,
  no_binary,
  only_binary,
  require_hashes,
  download,
  unnamed,
  directory,
  editable,
};
std::string_view to_string(HabitCode code) noexcept;  // "no-cache", ...

struct HabitReason {
  HabitCode code;
  Text text;
  std::string source;  // where the knowledge is from

  friend bool operator==(const HabitReason&, const HabitReason&) = default;
};

struct Habits {
  bool will_be_used = true;          // a wheel that lies in the right directory
  bool checks_version = true;        // its METADATA must name the version of the source distribution
  bool reads_origin = true;          // origin.json
  std::vector<HabitReason> reasons;  // why it will not be used
};

// Pure.
Habits habits_of(const PipUse& use);

// pip's check_path_owner(), which turns the cache off: the directory, or the nearest one above it that
// exists, must be root's where root runs pip, and writable for anyone else. nullopt: it is. Does I/O.
std::optional<HabitReason> owner_trouble(const std::filesystem::path& cache_directory);

}  // namespace wheelfit::pipcache
