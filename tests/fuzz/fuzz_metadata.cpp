// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "python/entry_points.hpp"
#include "python/metadata.hpp"

using namespace wheelfit::python;  // NOLINT: a harness has one subject

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Metadata::parse(text);
  WheelMetadata::parse(text);
  parse_entry_points(text);
  return 0;
}
