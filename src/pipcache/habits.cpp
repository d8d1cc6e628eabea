// SPDX-License-Identifier: Apache-2.0
#include "pipcache/habits.hpp"

#include <array>
#include <utility>

#include "pipcache/format_control.hpp"
#include "pipcache/habit_rows.hpp"

namespace wheelfit::pipcache {
namespace {

constexpr std::array<std::pair<HabitCode, std::string_view>, 9> codes{
    {{HabitCode::no_cache, "no-cache"},
     {HabitCode::owner, "owner"},
     {HabitCode::no_binary, "no-binary"},
     {HabitCode::only_binary, "only-binary"},
     {HabitCode::require_hashes, "require-hashes"},
     {HabitCode::download, "download"},
     {HabitCode::unnamed, "unnamed"},
     {HabitCode::directory, "directory"},
     {HabitCode::editable, "editable"}}};

// pip as of when this was written; what is not known is taken for it.
constexpr const char* newest_known = "26.3";

class Findings {
 public:
  explicit Findings(const python::Version& pip) : pip_(pip) {}

  // Adds the reason where a row of the data says so for this pip.
  void add(HabitCode code, Text text) {
    if (auto source = unused_cache_row(to_string(code), pip_)) {
      reasons_.push_back({code, std::move(text), std::move(*source)});
    }
  }
  std::vector<HabitReason> take() { return std::move(reasons_); }

 private:
  const python::Version& pip_;
  std::vector<HabitReason> reasons_;
};

void add_settings(const PipUse& use, Findings& findings) {
  if (use.no_cache_dir.known())
    findings.add(HabitCode::no_cache,
                 text("{} turns pip's cache off, whatever its value", use.no_cache_dir.source));
  const Formats formats = formats_of(use.package, use.no_binary, use.only_binary);
  if (formats.no_wheels.known()) {
    findings.add(HabitCode::no_binary, text("{} says no-binary, and pip {} does not look into its cache then",
                                            formats.no_wheels.source, use.pip.to_string()));
  }
  const bool is_from_index = use.form == RequestForm::name;
  if (formats.no_sources.known() && is_from_index) {
    findings.add(
        HabitCode::only_binary,
        text("{} says only-binary, so pip does not look for what it built from a source distribution",
             formats.no_sources.source));
  }
  if (use.require_hashes.known() && *use.require_hashes) {
    findings.add(HabitCode::require_hashes,
                 text("{} asks for hashes, and pip {} does not look into its cache then",
                      use.require_hashes.source, use.pip.to_string()));
  }
}

void add_request(const PipUse& use, Findings& findings) {
  if (use.command == PipCommand::download)
    findings.add(HabitCode::download, text("pip download never looks into the cache of wheels"));
  if (use.form == RequestForm::bare_address) {
    findings.add(HabitCode::unnamed,
                 text("an address without a name before it is not looked up in the cache"));
  } else if (use.form == RequestForm::local_directory) {
    findings.add(HabitCode::directory,
                 text("pip {} builds a local directory anew each time", use.pip.to_string()));
  } else if (use.form == RequestForm::editable) {
    findings.add(HabitCode::editable, text("an editable install is never taken from the cache"));
  }
}

}  // namespace

std::string_view to_string(HabitCode code) noexcept {
  for (const auto& [each, name] : codes) {
    if (each == code) return name;
  }
  return {};
}

PipUse pip_use(const probe::InstallerSettings& settings, std::string package) {
  PipUse use;
  use.pip =
      settings.pip_version.known() ? *settings.pip_version : python::Version::parse(newest_known).value();
  use.package = std::move(package);
  use.no_cache_dir = settings.no_cache_dir;
  use.no_binary = settings.no_binary;
  use.only_binary = settings.only_binary;
  use.require_hashes = settings.require_hashes;
  use.legacy_resolver = settings.legacy_resolver;
  return use;
}

Habits habits_of(const PipUse& use) {
  Findings findings(use.pip);
  add_settings(use, findings);
  add_request(use, findings);
  Habits habits;
  habits.reasons = findings.take();
  habits.will_be_used = habits.reasons.empty();
  const bool old_resolver = use.legacy_resolver.known() && *use.legacy_resolver;
  habits.checks_version = has_habit("checks-version", use.pip) && !old_resolver;
  habits.reads_origin = has_habit("reads-origin", use.pip);
  return habits;
}

}  // namespace wheelfit::pipcache
