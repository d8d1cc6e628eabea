// SPDX-License-Identifier: Apache-2.0
// Any bytes as an object that holds GPU code; a decompressor that gives back what was claimed.
#include <cstddef>
#include <cstdint>
#include <span>

#include "binary/gpu_coverage.hpp"
#include "binary/offload_bundle.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wheelfit::binary;
  const auto bytes = std::as_bytes(std::span(data, size));
  const Decompressor pretend = [](Compression, std::span<const std::byte> stored, std::uint64_t raw_size) {
    std::vector<std::byte> raw(raw_size);
    for (std::size_t i = 0; i < raw.size() && !stored.empty(); ++i) raw[i] = stored[i % stored.size()];
    return std::optional(raw);
  };
  const FatbinListing listing = list_fatbins(bytes, Depth::payloads, pretend);
  for (const FatbinContainer& container : listing.containers)
    for (const FatbinImage& image : container.images) (void)kernel_names(image, pretend);
  (void)gpu_coverage(listing.containers, {9, 0}, CudaVersion{12, 0});
  (void)list_offload_bundles(bytes, pretend);
  return 0;
}
