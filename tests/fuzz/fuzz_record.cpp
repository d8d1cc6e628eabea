// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "python/record.hpp"

using namespace wheelfit::python;  // NOLINT: a harness has one subject

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto record = parse_record(text);
  if (!record) return 0;
  // What was written reads as the same rows, but for their order.
  const auto again = parse_record(write_record(*record));
  if (!again || again->size() != record->size() || write_record(*again) != write_record(*record))
    std::abort();
  return 0;
}
