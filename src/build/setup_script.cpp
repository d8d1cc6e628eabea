// SPDX-License-Identifier: Apache-2.0
#include "build/setup_script.hpp"

#include "system/files.hpp"
#include "system/sha256.hpp"

namespace wheelfit::build {
namespace {

namespace fs = std::filesystem;

// Found before any other ninja: says that all is compiled where wheelfit has done so, else hands over what is
// wanted and fails, which ends setup.py.
constexpr std::string_view ninja_script = R"sh(#!/bin/sh
case " $* " in *" --version "*) echo 1.11.1; exit 0 ;; esac
for compiled in "$WHEELFIT_BUILD"/compiled-*; do
  [ ! -f "$compiled" ] || [ "$(cat build.ninja)" != "$(cat "$compiled")" ] || exit 0
done
cat build.ninja > "$WHEELFIT_BUILD/wanted"
exit 75
)sh";

fs::path wanted_file(const Workplace& place) { return place.made() / "wanted"; }

std::string path_with(const fs::path& first, const system::EnvironmentVariables& variables) {
  return first.string() + ":" + variables.get("PATH").value_or("/usr/local/bin:/usr/bin:/bin");
}

std::optional<fs::path> wheel_in(const fs::path& folder) {
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed))
    if (entry.path().extension() == ".whl") return entry.path();
  return std::nullopt;
}

}  // namespace

SetupOutcome run_setup(const SetupRun& run, const Workplace& place,
                       const system::EnvironmentVariables& variables, system::ProcessRunner& processes) {
  system::write_file_atomically(place.programs() / "ninja", ninja_script, system::Durability::ordinary, 0755);
  system::remove_quietly(wanted_file(place));
  const fs::path wheels = place.folder() / "dist";
  system::remove_quietly(wheels);
  system::Command command;
  command.arguments = {run.python.string(), "setup.py", "bdist_wheel", "--dist-dir", wheels.string()};
  command.directory = place.source();
  command.timeout = std::chrono::hours(2);
  for (const auto& [name, value] : run.variables) command.environment[name] = value;
  command.environment["PATH"] = path_with(place.programs(), variables);
  command.environment["WHEELFIT_BUILD"] = place.made().string();
  const system::ProcessResult result = processes.run(command);
  place.append_log(result.output + result.error);

  if (result.succeeded()) {
    if (auto wheel = wheel_in(wheels)) return WheelMade{std::move(*wheel)};
  } else if (const auto written = system::read_file_if_any(wanted_file(place))) {
    auto file = NinjaFile::parse(*written);
    if (!file) {
      throw Error(ErrorKind::machine,
                  text("what torch wrote for ninja is not understood: {}", file.error().message));
    }
    return WantsCompiled{std::move(*file), *written};
  }
  return SetupFailed{result.output + result.error};
}

void mark_compiled(const WantsCompiled& wanted, const Workplace& place) {
  const std::string name = "compiled-" + system::to_hex(system::sha256_of(wanted.text)).substr(0, 16);
  system::write_file_atomically(place.made() / name, wanted.text, system::Durability::ordinary);
}

}  // namespace wheelfit::build
