// SPDX-License-Identifier: Apache-2.0
// Any bytes as an object with compressed GPU code, opened by the decompressors that the program has.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "binary/gpu_coverage.hpp"
#include "proof/fatbin_decompressor.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wheelfit;
  const binary::Decompressor decompress = proof::fatbin_decompressor();
  const auto listing =
      binary::list_fatbins(std::as_bytes(std::span(data, size)), binary::Depth::payloads, decompress);
  for (const binary::FatbinContainer& container : listing.containers)
    for (const binary::FatbinImage& image : container.images) {
      const auto raw = binary::image_bytes(image, decompress);
      if (raw && raw->size() != image.raw_size) std::abort();
      (void)binary::kernel_names(image, decompress);
    }
  (void)binary::gpu_coverage(listing.containers, {9, 0}, binary::CudaVersion{12, 0});
  return 0;
}
