// SPDX-License-Identifier: Apache-2.0
#include "commands/conda_package.hpp"

#include "base/activity.hpp"
#include "base/version.hpp"
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

std::optional<fs::path> made_before(const fs::path& folder) {
  std::error_code none;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, none))
    if (entry.path().extension() == ".whl") return entry.path();
  return std::nullopt;
}

}  // namespace

fs::path wheel_of(const CondaPackage& package, const probe::Environment& environment,
                  const catalog::Knowledge& knowledge, const fs::path& folder, Reporter& report) {
  const fs::path prefix = prefix_of(environment);
  const std::string key = system::to_hex(system::sha256_of(package.sha256 + "\n" + package.file_name + "\n" +
                                                           prefix.string() + "\n" + program_version));
  conda::WheelRequest request;
  request.package = package.path;
  request.file_name = package.file_name;
  request.prefix = prefix;
  request.folder = folder / ("conda-" + key.substr(0, 16));
  request.requirements = [&knowledge](const std::string& name, const std::string& version) {
    return known_requirements(knowledge, name, version);
  };
  if (auto made = made_before(request.folder)) return *made;
  const Activity unpacking(report, text("Unpacking {}", package.file_name), std::nullopt);
  return conda::make_wheel(request);
}

}  // namespace wheelfit::commands
