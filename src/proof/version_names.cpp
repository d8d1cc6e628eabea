// SPDX-License-Identifier: Apache-2.0
#include "proof/version_names.hpp"

#include <charconv>

namespace wheelfit::proof {

std::optional<NumberedVersion> numbered_version(std::string_view name) {
  const auto line = name.rfind('_');
  if (line == std::string_view::npos || line == 0) return std::nullopt;
  NumberedVersion version{name.substr(0, line), name.substr(line + 1), {}};
  const char* at = version.number.data();
  const char* const end = at + version.number.size();
  while (true) {
    unsigned part = 0;
    const auto [next, error] = std::from_chars(at, end, part);
    if (error != std::errc{}) return std::nullopt;
    version.parts.push_back(part);
    if (next == end) return version;
    if (*next != '.') return std::nullopt;
    at = next + 1;
  }
}

std::string_view newest_defined(const binary::ElfImage& image, std::string_view family) {
  std::string_view newest;
  std::vector<unsigned> parts;
  for (const binary::VersionDefinition& definition : image.version_definitions()) {
    const auto version = numbered_version(definition.name);
    if (definition.base || !version || version->family != family || version->parts <= parts) continue;
    newest = definition.name;
    parts = version->parts;
  }
  return newest;
}

ReasonCode code_of_version(std::string_view name) {
  if (name.starts_with("GLIBC_")) return ReasonCode::glibc;
  if (name.starts_with("GLIBCXX_") || name.starts_with("CXXABI_")) return ReasonCode::libstdcxx;
  return ReasonCode::missing_symbol;
}

}  // namespace wheelfit::proof
