// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "bundle/manifest.hpp"

using namespace wheelfit::bundle;  // NOLINT: a harness has one subject

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto manifest = parse_manifest({reinterpret_cast<const char*>(data), size});
  if (!manifest) return 0;
  for (const PackedFile& file : manifest->files)
    if (file.name.find('/') != std::string::npos || file.sha256.size() != 64) std::abort();
  // What was written reads as the same.
  const auto again = parse_manifest(manifest_to_json(*manifest));
  if (!again || !(*again == *manifest)) std::abort();
  return 0;
}
