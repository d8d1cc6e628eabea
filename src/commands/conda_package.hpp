// SPDX-License-Identifier: Apache-2.0
// A file of conda's, as the wheel that it becomes in this environment.
#pragma once

#include <filesystem>
#include <string>

#include "base/reporter.hpp"
#include "catalog/knowledge.hpp"
#include "probe/environment.hpp"

namespace wheelfit::commands {

struct CondaPackage {
  std::filesystem::path path;
  std::string file_name;  // as it was published
  std::string sha256;
};

// In the store, made once for a package and an environment, by one process at a time. Throws what
// conda::make_wheel() throws, and Error{machine} "locked".
std::filesystem::path wheel_of(const CondaPackage& package, const probe::Environment& environment,
                               const catalog::Knowledge& knowledge, const std::filesystem::path& store,
                               Reporter& report);

}  // namespace wheelfit::commands
