// SPDX-License-Identifier: Apache-2.0
// Would a pip, with the user's settings, look into its wheel cache for what it is asked to install, and take
// a wheel that it finds there? The rules are data (data/pip.toml, with a source per row). Pure but for
// owner_trouble().
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fact.hpp"
#include "base/text.hpp"
#include "python/version.hpp"

namespace wheelfit::pipcache {

enum class PipCommand { install, wheel, download };

enum class RequestForm {
  name,              // flash-attn==2.8.3, from an index or a page of links
  named_address,     // flash-attn @ https://…/x.tar.gz
  named_repository,  // flash-attn @ git+https://…@tag
  bare_address,      // https://…/x.tar.gz
  local_directory,   // ./flash-attention
  editable,          // -e
};

// What the user has set, from wherever; see probe::InstallerSettings.
struct PipUse {
  python::Version pip;
  std::string package;  // normalized
  PipCommand command = PipCommand::install;
  RequestForm form = RequestForm::name;
  Fact<std::string> no_cache_dir;            // any value, even "false"
  std::vector<Fact<std::string>> no_binary;  // in the order given: "flash-attn", ":all:", ":none:", "a,b"
  std::vector<Fact<std::string>> only_binary;
  Fact<bool> require_hashes;
  Fact<bool> legacy_resolver;  // --use-deprecated=legacy-resolver
  bool has_origin = true;      // origin.json lies beside the wheel
};

enum class HabitCode {
  no_cache,
  owner,
  no_binary,
  only_binary,
  require_hashes,
  download,
  unnamed,
  directory,
  editable
};
std::string_view to_string(HabitCode code) noexcept;  // "no-cache", ...

struct HabitReason {
  HabitCode code;
  Text text;
  std::string source;  // where the knowledge is from

  friend bool operator==(const HabitReason&, const HabitReason&) = default;
};

struct Habits {
  bool will_be_used = true;          // the wheel that lies in the right directory
  bool checks_version = true;        // METADATA must name the sdist's version (since the resolver of 20.3)
  bool reads_origin = true;          // origin.json (since 22.2)
  std::vector<HabitReason> reasons;  // why not
};

Habits habits_of(const PipUse& use);

// pip's check_path_owner(), which turns its cache off: who runs pip must own the directory (root: exactly;
// others: may write), or the nearest one above it that exists. nullopt: it suits.
std::optional<HabitReason> owner_trouble(const std::filesystem::path& cache_directory);

}  // namespace wheelfit::pipcache
