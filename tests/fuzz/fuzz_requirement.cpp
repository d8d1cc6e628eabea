// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "python/requirement.hpp"

using namespace wheelfit::python;  // NOLINT: a harness has one subject

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto requirement = Requirement::parse(text);
  if (!requirement) return 0;
  requirement->applies(linux_marker_environment("3.11.7", "x86_64"));
  // What was printed reads as the same requirement.
  const auto again = Requirement::parse(requirement->to_string());
  if (!again || again->to_string() != requirement->to_string()) std::abort();
  return 0;
}
