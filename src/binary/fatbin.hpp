// SPDX-License-Identifier: Apache-2.0
// The CUDA code inside an object: every container of .nv_fatbin (one per translation unit) and every image in
// it. Headers lie in the clear, so listing needs no decompression. Pure; bounded by the bytes given; any
// input is taken (a PE file or an object without a section table is scanned for containers). Format:
// docs/formats/fatbin.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "binary/gpu_arch.hpp"

namespace wheelfit::binary {

enum class ImageKind { ptx, cubin, lto_ir, unknown };
enum class Compression { none, lz4, zstd };

struct FatbinImage {
  ImageKind kind = ImageKind::unknown;
  GpuArch arch;
  unsigned version_major = 0;  // PTX: its ISA version (8.7); cubin: its format's
  unsigned version_minor = 0;
  Compression compression = Compression::none;
  bool debug = false;
  std::uint64_t raw_size = 0;         // bytes when decompressed
  std::span<const std::byte> stored;  // the payload as it lies in the object
  bool suffix_confirmed = false;      // a witness inside the payload says the same as the header
  std::optional<bool> has_code;  // false: no kernel and no function (a link stub); nullopt: not looked into
};

struct FatbinContainer {
  std::uint64_t offset = 0;  // in the object
  // Input of the device linker, which the driver never loads: from __nv_relfatbin, or, in a scan with
  // Depth::payloads, by its cubins.
  bool relocatable = false;
  std::vector<FatbinImage> images;

  // nvcc adds one container without kernels, for all its targets, to every program: it shows nothing about
  // what runs.
  bool is_link_stub() const noexcept;
};

struct FatbinListing {
  std::vector<FatbinContainer> containers;
  bool scanned = false;  // no section table names the containers: they were searched for
  std::vector<std::string>
      damage;  // what was malformed, one sentence each (the first few); the rest was read
};

// Gives back `raw_size` bytes, or nothing where it cannot. Never called for Compression::none.
using Decompressor = std::function<std::optional<std::vector<std::byte>>(
    Compression, std::span<const std::byte> stored, std::uint64_t raw_size)>;

enum class Depth {
  headers,   // what the headers say: touches 64 bytes per image
  payloads,  // also the second witness of the suffix, and has_code: touches the tables of each image
};

// With Depth::payloads, compressed images are looked into only where `decompress` is given.
FatbinListing list_fatbins(std::span<const std::byte> object, Depth depth = Depth::payloads,
                           const Decompressor& decompress = {});

// The mangled names of an image's kernels. Empty where it has none, is of a kind without names, or is
// compressed and `decompress` does not open it.
std::vector<std::string> kernel_names(const FatbinImage& image, const Decompressor& decompress = {});

// The image's bytes, decompressed where need be; nullopt where they cannot be had or their size is not
// credible.
std::optional<std::vector<std::byte>> image_bytes(const FatbinImage& image, const Decompressor& decompress);

}  // namespace wheelfit::binary
