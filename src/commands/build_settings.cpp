// SPDX-License-Identifier: Apache-2.0
#include "commands/build_settings.hpp"

#include <fmt/core.h>

#include "probe/environment.hpp"

namespace wheelfit::commands {

std::optional<python::Version> parse_capability(const std::string& word) {
  const auto capability = probe::parse_compute_capability(word);
  if (!capability) return std::nullopt;
  return *python::Version::parse(fmt::format("{}.{}", capability->major, capability->minor));
}

}  // namespace wheelfit::commands
