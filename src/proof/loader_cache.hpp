// SPDX-License-Identifier: Apache-2.0
// /etc/ld.so.cache: which file the dynamic loader takes for a library's name. Pure; the bytes may be
// anything. Specification: glibc's sysdeps/generic/dl-cache.h; docs/formats/ld-so-cache.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "base/error.hpp"
#include "binary/elf_identity.hpp"

namespace wheelfit::proof {

struct LoaderCacheEntry {
  std::string name;         // "libgomp.so.1"
  std::string path;         // "/lib/x86_64-linux-gnu/libgomp.so.1"
  std::uint32_t flags = 0;  // kind of library and ABI: 0x303 is libc6, x86-64
  // The glibc-hwcaps directory it lies in ("x86-64-v3"), "" for one that every processor takes. Entries of
  // the legacy hwcaps (before glibc 2.33) are left out when the file is read.
  std::string hwcaps;

  friend bool operator==(const LoaderCacheEntry&, const LoaderCacheEntry&) = default;
};

class LoaderCache {
 public:
  // Understands "glibc-ld.so.cache1.1", alone or behind the old "ld.so-1.7.0" part. Memory is bounded by the
  // size of `bytes`.
  static tl::expected<LoaderCache, ParseError> parse(std::span<const std::byte> bytes);

  // Sorted by name; several of one name stand in the file's order.
  const std::vector<LoaderCacheEntry>& entries() const noexcept { return entries_; }

  // The path the loader takes for `name` on this machine; "" where the cache has none. `hwcaps`: the
  // glibc-hwcaps directories that the processor supports, best first.
  std::string_view find(std::string_view name, binary::Machine machine,
                        std::span<const std::string> hwcaps = {}) const;

 private:
  std::vector<LoaderCacheEntry> entries_;
};

}  // namespace wheelfit::proof
