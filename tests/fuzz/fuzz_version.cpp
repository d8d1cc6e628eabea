// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "python/specifier.hpp"

using namespace wheelfit::python;  // NOLINT: a harness has one subject

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto version = Version::parse(text);
  if (version && *Version::parse(version->to_string()) != *version) std::abort();
  const auto set = SpecifierSet::parse(text);
  if (set && SpecifierSet::parse(set->to_string())->to_string() != set->to_string()) std::abort();
  if (set && version) set->admits_by_default(*version);
  return 0;
}
