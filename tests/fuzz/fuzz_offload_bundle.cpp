// SPDX-License-Identifier: Apache-2.0
// Any bytes as an object with ROCm's bundles, plain and compressed.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "binary/offload_bundle.hpp"
#include "proof/fatbin_decompressor.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wheelfit;
  const auto bytes = std::as_bytes(std::span(data, size));
  for (const auto& bundle : binary::list_offload_bundles(bytes, proof::fatbin_decompressor()))
    if (bundle.offset >= size) std::abort();
  return 0;
}
