// SPDX-License-Identifier: Apache-2.0
#include "binary/offload_bundle.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "binary/bytes.hpp"
#include "binary/elf_sections.hpp"

namespace wheelfit::binary {
namespace {

using namespace std::literals;

constexpr auto plain_magic = "__CLANG_OFFLOAD_BUNDLE__"sv;
constexpr auto compressed_magic = "CCOB"sv;
constexpr std::uint16_t method_zstd = 1;
constexpr std::uint64_t longest_identifier = 256;

struct EntryHeader {
  std::uint64_t offset;  // from the bundle's start
  std::uint64_t size;
  std::uint64_t identifier_size;
};

// "hipv4-amdgcn-amd-amdhsa--gfx942" -> "gfx942"; nothing for "host-x86_64-unknown-linux-gnu-".
std::optional<std::string> target_of(std::string_view identifier) {
  const auto found = identifier.rfind("-gfx");
  if (identifier.starts_with("host-") || found == std::string_view::npos) return std::nullopt;
  return std::string(identifier.substr(found + 1));
}

struct PlainBundle {
  std::vector<std::string> targets;
  std::uint64_t size = 0;  // up to the end of its last entry
};

std::optional<PlainBundle> read_plain(const Bytes& bytes) {
  if (!bytes.text().starts_with(plain_magic)) return std::nullopt;
  const auto count = bytes.get<std::uint64_t>(plain_magic.size());
  if (!count || *count > bytes.size() / sizeof(EntryHeader)) return std::nullopt;
  PlainBundle bundle;
  std::uint64_t at = plain_magic.size() + sizeof(std::uint64_t);
  for (std::uint64_t i = 0; i < *count; ++i) {
    const auto entry = bytes.get<EntryHeader>(at);
    if (!entry || entry->identifier_size > longest_identifier || !bytes.holds(entry->offset, entry->size))
      return std::nullopt;
    at += sizeof(EntryHeader);
    if (!bytes.holds(at, entry->identifier_size)) return std::nullopt;
    if (auto target = target_of(bytes.slice(at, entry->identifier_size).text()))
      bundle.targets.push_back(*std::move(target));
    at += entry->identifier_size;
    bundle.size = std::max({bundle.size, at, entry->offset + entry->size});
  }
  return bundle;
}

struct CompressedHeader {
  std::uint64_t header_size = 0;
  std::uint64_t total_size = 0;  // 0: not stated (version 1)
  std::uint64_t raw_size = 0;
  std::uint16_t method = 0;
};

// magic, u16 version, u16 method, [u32|u64 total], u32|u64 raw, u64 hash.
std::optional<CompressedHeader> read_compressed_header(const Bytes& bytes) {
  if (!bytes.text().starts_with(compressed_magic)) return std::nullopt;
  const auto version = bytes.get_or_zero<std::uint16_t>(4);
  CompressedHeader header;
  header.method = bytes.get_or_zero<std::uint16_t>(6);
  if (version == 1) {
    header.header_size = 20;
    header.raw_size = bytes.get_or_zero<std::uint32_t>(8);
  } else if (version == 2) {
    header.header_size = 24;
    header.total_size = bytes.get_or_zero<std::uint32_t>(8);
    header.raw_size = bytes.get_or_zero<std::uint32_t>(12);
  } else if (version == 3) {
    header.header_size = 32;
    header.total_size = bytes.get_or_zero<std::uint64_t>(8);
    header.raw_size = bytes.get_or_zero<std::uint64_t>(16);
  } else {
    return std::nullopt;
  }
  if (!bytes.holds(0, std::max(header.header_size, header.total_size))) return std::nullopt;
  return header;
}

std::vector<std::string> compressed_targets(const Bytes& bytes, const CompressedHeader& header,
                                            const Decompressor& decompress) {
  if (header.method != method_zstd || header.total_size <= header.header_size) return {};
  FatbinImage image;
  image.compression = Compression::zstd;
  image.stored = bytes.slice(header.header_size, header.total_size - header.header_size).span();
  image.raw_size = header.raw_size;
  const auto raw = image_bytes(image, decompress);
  const auto bundle = raw ? read_plain(std::span<const std::byte>(*raw)) : std::nullopt;
  return bundle ? bundle->targets : std::vector<std::string>{};
}

// Bundles are aligned (4096 in objects made by hipcc), but nothing promises it: every match of a magic is
// tried.
std::vector<OffloadBundle> search(const Bytes& region, std::uint64_t base, const Decompressor& decompress) {
  std::vector<OffloadBundle> bundles;
  const std::string_view text = region.text();
  std::uint64_t at = 0;
  auto plain = text.find(plain_magic);
  while (at < text.size()) {
    if (plain < at) plain = text.find(plain_magic, at);
    const auto compressed = text.substr(0, plain).find(compressed_magic, at);
    const auto found = std::min(plain, compressed);
    if (found == std::string_view::npos) break;
    const Bytes rest = region.from(found);
    at = found + compressed_magic.size();
    if (auto bundle = read_plain(rest)) {
      at = found + std::max<std::uint64_t>(bundle->size, plain_magic.size());
      bundles.push_back({base + found, false, std::move(bundle->targets)});
    } else if (const auto header = read_compressed_header(rest)) {
      at = found + std::max(header->header_size, header->total_size);
      bundles.push_back({base + found, true, compressed_targets(rest, *header, decompress)});
    }
  }
  return bundles;
}

}  // namespace

std::vector<OffloadBundle> list_offload_bundles(std::span<const std::byte> object,
                                                const Decompressor& decompress) {
  const Bytes bytes(object);
  const auto sections = elf_sections(bytes);
  const auto section = std::ranges::find(sections, ".hip_fatbin"sv, &ElfSection::name);
  if (section != sections.end()) return search(section->content, section->offset, decompress);
  return sections.empty() ? search(bytes, 0, decompress) : std::vector<OffloadBundle>{};
}

}  // namespace wheelfit::binary
