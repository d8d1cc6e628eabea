// SPDX-License-Identifier: Apache-2.0
// argv → what is to be done. The only folder that knows the command line library.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "commands/seed_request.hpp"
#include "commands/settings.hpp"
#include "commands/verbs.hpp"
#include "render/export.hpp"
#include "system/environment_variables.hpp"

namespace wheelfit::cli {

enum class Verb {
  plan,
  inspect,
  fetch,
  bundle,
  install,
  uninstall,
  verify,
  check,
  doctor,
  seed,
  export_choice,
  build
};

struct Invocation {
  Verb verb = Verb::plan;
  commands::Settings settings;
  std::vector<std::string> subjects;                       // as written
  std::optional<std::filesystem::path> requirements_file;  // install -r, bundle -r
  std::optional<std::filesystem::path> output_directory;   // fetch -o, build -o
  std::optional<std::filesystem::path> output_file;        // bundle -o
  enum class When { now, later, finish };
  When when = When::now;  // install --later, install --finish
  bool disk = false;      // doctor --disk, or --free
  commands::DiskRequest disk_request;
  bool proof_given = false;                                          // --require was said
  bool list = false;                                                 // fetch --list, bundle --list
  render::ExportFormat format = render::ExportFormat::requirements;  // export
  commands::SeedRequest seed;                                        // but for its subjects
};

// Text that the user asked for instead of work (--help, --version); exit code 0.
struct Answer {
  std::string text;
};

// Flags win over WHEELFIT_<OPTION> variables, those over the settings file (wheelfit/config.toml under
// XDG_CONFIG_HOME, or WHEELFIT_CONFIG). Throws Error{usage}.
std::variant<Invocation, Answer> parse_command_line(const std::vector<std::string>& arguments,
                                                    const system::EnvironmentVariables& variables);

}  // namespace wheelfit::cli
