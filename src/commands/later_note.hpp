// SPDX-License-Identifier: Apache-2.0
// What `install --later` leaves in an environment for `install --finish` (docs/formats/later.md).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "base/error.hpp"
#include "commands/settings.hpp"
#include "probe/environment.hpp"

namespace wheelfit::commands {

struct LaterNote {
  std::vector<std::string> subjects;            // as written; files by their absolute paths
  std::optional<std::filesystem::path> bundle;  // absolute; then nothing else is named
  std::string bundle_sha256;
  std::string trust;     // "official" "index" "community"
  std::string only;      // a rung; "" all
  std::string fallback;  // "sdpa"; "" none
  std::string require;   // "symbols" "import" "gpu"
  bool verify = true;
  bool keep_store = true;
  bool break_system_packages = false;
  std::string made_by;  // "wheelfit 0.1.0"
  std::string made_at;  // RFC 3339

  friend bool operator==(const LaterNote&, const LaterNote&) = default;
};

std::string later_note_to_json(const LaterNote& note);
tl::expected<LaterNote, ParseError> later_note_from_json(std::string_view text);

// <prefix>/share/wheelfit/later.json; nullopt where the environment has no place for it.
std::optional<std::filesystem::path> later_note_path(const probe::Environment& environment);

// The options that the note keeps, and those options laid into the settings of another run.
LaterNote note_of(const Settings& settings);
Settings with_note(Settings settings, const LaterNote& note);

}  // namespace wheelfit::commands
