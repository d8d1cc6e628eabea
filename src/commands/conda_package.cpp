// SPDX-License-Identifier: Apache-2.0
#include "commands/conda_package.hpp"

#include "base/activity.hpp"
#include "base/version.hpp"
#include "commands/made_wheels.hpp"
#include "conda/make_wheel.hpp"
#include "python/package_name.hpp"
#include "system/sha256.hpp"

namespace wheelfit::commands {

namespace {

namespace fs = std::filesystem;

// Where files of the package find what they name by its place; nothing is known of a described machine's.
fs::path prefix_of(const probe::Environment& environment) {
  if (environment.interpreter.scheme) return environment.interpreter.scheme->data;
  return environment.interpreter.prefix ? *environment.interpreter.prefix : fs::path("/");
}

// What METADATA would require, where the package brings none.
std::vector<std::string> known_requirements(const catalog::Knowledge& knowledge, const std::string& name,
                                            const std::string& version_text) {
  const catalog::Recipe* recipe = knowledge.find(python::normalized_name(name));
  const auto version = python::Version::parse(version_text);
  if (recipe == nullptr || !version) return {};
  const catalog::RequiresRow* row = recipe->requires_of(*version);
  return row != nullptr ? row->requirements : std::vector<std::string>{};
}

}  // namespace

fs::path wheel_of(const CondaPackage& package, const probe::Environment& environment,
                  const catalog::Knowledge& knowledge, const fs::path& store, Reporter& report) {
  const fs::path prefix = prefix_of(environment);
  const std::string hash = system::to_hex(system::sha256_of(package.sha256 + "\n" + package.file_name + "\n" +
                                                            prefix.string() + "\n" + program_version));
  const std::string key = "conda-" + hash.substr(0, 16);
  conda::WheelRequest request;
  request.package = package.path;
  request.file_name = package.file_name;
  request.prefix = prefix;
  request.folder = made_folder(store, key);
  request.requirements = [&knowledge](const std::string& name, const std::string& version) {
    return known_requirements(knowledge, name, version);
  };
  if (const auto made = made_wheel(request.folder)) return *made;
  const system::FileLock lock = lock_made(store, key, [&] {
    report.note(text("Another wheelfit is making a wheel of {}; waiting for it", package.file_name));
  });
  if (const auto made = made_wheel(request.folder)) return *made;  // the other one has made it
  const Activity unpacking(report, text("Unpacking {}", package.file_name), std::nullopt);
  return conda::make_wheel(request);
}

}  // namespace wheelfit::commands
