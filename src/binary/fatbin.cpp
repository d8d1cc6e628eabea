// SPDX-License-Identifier: Apache-2.0
#include "binary/fatbin.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "binary/bytes.hpp"
#include "binary/device_code.hpp"
#include "binary/elf_sections.hpp"

namespace wheelfit::binary {
namespace {

constexpr std::uint32_t container_magic = 0xBA55ED50;
constexpr std::uint64_t alignment = 8;
constexpr std::size_t most_damage_reported = 8;

struct ContainerHeader {
  std::uint32_t magic;
  std::uint16_t version;
  std::uint16_t header_size;
  std::uint64_t content_size;
};
static_assert(sizeof(ContainerHeader) == 16);

struct ImageHeader {
  std::uint16_t kind;
  std::uint16_t version;
  std::uint32_t header_size;
  std::uint64_t padded_size;
  std::uint32_t compressed_size;
  std::uint32_t options_offset;
  std::uint16_t code_minor;
  std::uint16_t code_major;
  std::uint32_t arch;
  std::uint32_t identifier_offset;
  std::uint32_t identifier_size;
  std::uint64_t flags;
  std::uint64_t zero;
  std::uint64_t raw_size;
};
static_assert(sizeof(ImageHeader) == 64);

constexpr std::uint64_t flag_debug = 0x2, flag_lz4 = 0x2000, flag_zstd = 0x8000;
constexpr std::uint64_t flag_architecture_specific = 0x100000, flag_family_specific = 0x200000;

ImageKind kind_of(std::uint16_t number) {
  switch (number) {
    case 1:
      return ImageKind::ptx;
    case 2:
      return ImageKind::cubin;
    case 8:
      return ImageKind::lto_ir;
    default:
      return ImageKind::unknown;
  }
}

FatbinImage image_of(const ImageHeader& header, const Bytes& payload) {
  FatbinImage image;
  image.kind = kind_of(header.kind);
  image.arch.number = header.arch;
  const bool a = (header.flags & flag_architecture_specific) != 0;
  const bool f = (header.flags & flag_family_specific) != 0;
  image.arch.suffix = a && f ? ArchSuffix::unknown : a ? ArchSuffix::a : f ? ArchSuffix::f : ArchSuffix::none;
  image.version_major = header.code_major;
  image.version_minor = header.code_minor;
  image.debug = (header.flags & flag_debug) != 0;
  if ((header.flags & flag_zstd) != 0)
    image.compression = Compression::zstd;
  else if ((header.flags & flag_lz4) != 0)
    image.compression = Compression::lz4;
  const bool compressed = image.compression != Compression::none;
  image.stored = payload.slice(0, compressed ? header.compressed_size : payload.size()).span();
  image.raw_size = compressed ? header.raw_size : payload.size();
  return image;
}

class Lister {
 public:
  Lister(const Bytes& object, Depth depth, const Decompressor& decompress)
      : object_(object), depth_(depth), decompress_(decompress) {}

  FatbinListing list() {
    bool named = false;
    std::uint64_t budget = object_.size();  // honest sections do not overlap
    for (const ElfSection& section : elf_sections(object_)) {
      const bool relocatable = section.name == "__nv_relfatbin";
      if (section.name != ".nv_fatbin" && !relocatable) continue;
      named = true;
      if (section.content.size() > budget) break;
      budget -= section.content.size();
      walk(section.offset, section.offset + section.content.size(), relocatable);
    }
    if (!named) {
      listing_.scanned = true;
      walk(0, object_.size(), false);
    }
    return std::move(listing_);
  }

 private:
  void damaged(std::uint64_t offset, std::string_view what) {
    if (listing_.damage.size() < most_damage_reported)
      listing_.damage.push_back(fmt::format("the CUDA container at byte {} {}", offset, what));
  }

  void walk(std::uint64_t at, std::uint64_t end, bool relocatable) {
    while (end - at >= sizeof(ContainerHeader) && at < end) {
      const auto header = object_.get_or_zero<ContainerHeader>(at);
      const std::uint64_t room = end - at;
      if (header.magic != container_magic || header.version != 1 ||
          header.header_size < sizeof(ContainerHeader)) {
        if (room <= alignment) break;
        at += alignment;
        continue;
      }
      if (header.header_size > room || header.content_size > room - header.header_size) {
        // In a scan the magic may just be a number in the code.
        if (!listing_.scanned) damaged(at, "runs past the end of its section");
        at += alignment;
        continue;
      }
      const std::uint64_t stop = at + header.header_size + header.content_size;
      read_container(at, at + header.header_size, stop, relocatable);
      at = std::min(end, (stop + alignment - 1) / alignment * alignment);
    }
  }

  void read_container(std::uint64_t start, std::uint64_t at, std::uint64_t end, bool relocatable) {
    FatbinContainer container{start, relocatable, {}};
    while (end - at >= sizeof(ImageHeader)) {
      const auto header = object_.get_or_zero<ImageHeader>(at);
      const std::uint64_t room = end - at;
      const bool fits = header.header_size >= sizeof(ImageHeader) && header.header_size <= room &&
                        header.padded_size <= room - header.header_size &&
                        header.compressed_size <= header.padded_size;
      if (!fits) {
        damaged(start, "has an entry that runs past its end");
        break;
      }
      container.images.push_back(
          image_of(header, object_.slice(at + header.header_size, header.padded_size)));
      if (depth_ == Depth::payloads) {
        const DeviceCodeFacts facts = look_into(container.images.back());
        // Without a section's name the code itself tells.
        container.relocatable = container.relocatable || (listing_.scanned && facts.relocatable);
      }
      at += header.header_size + header.padded_size;
    }
    listing_.containers.push_back(std::move(container));
  }

  DeviceCodeFacts look_into(FatbinImage& image) {
    DeviceCodeFacts facts;
    if (image.compression == Compression::none)
      facts = device_code_facts(image.kind, image.stored);
    else if (const auto raw = image_bytes(image, decompress_))
      facts = device_code_facts(image.kind, *raw);
    image.has_code = facts.has_code;
    image.suffix_confirmed = facts.arch == image.arch;
    if (facts.arch && !image.suffix_confirmed) image.arch.suffix = ArchSuffix::unknown;
    return facts;
  }

  Bytes object_;
  Depth depth_;
  const Decompressor& decompress_;
  FatbinListing listing_;
};

}  // namespace

bool FatbinContainer::is_link_stub() const noexcept {
  const auto says_empty = [](const FatbinImage& image) { return image.has_code == false; };
  const auto says_code = [](const FatbinImage& image) { return image.has_code == true; };
  return std::ranges::any_of(images, says_empty) && std::ranges::none_of(images, says_code);
}

FatbinListing list_fatbins(std::span<const std::byte> object, Depth depth, const Decompressor& decompress) {
  return Lister(object, depth, decompress).list();
}

std::optional<std::vector<std::byte>> image_bytes(const FatbinImage& image, const Decompressor& decompress) {
  if (image.compression == Compression::none) return std::vector(image.stored.begin(), image.stored.end());
  // Neither LZ4 nor zstd as nvcc uses them gains more than this; a larger claim is an attack on memory.
  const std::uint64_t credible = image.stored.size() * 1024 + 65536;
  if (!decompress || image.raw_size > credible) return std::nullopt;
  auto raw = decompress(image.compression, image.stored, image.raw_size);
  if (raw && raw->size() != image.raw_size) return std::nullopt;
  return raw;
}

std::vector<std::string> kernel_names(const FatbinImage& image, const Decompressor& decompress) {
  const auto raw = image_bytes(image, decompress);
  return raw ? device_kernel_names(image.kind, *raw) : std::vector<std::string>{};
}

}  // namespace wheelfit::binary
