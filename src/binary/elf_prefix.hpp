// SPDX-License-Identifier: Apache-2.0
// What an object needs, read from its first bytes only, as they can be inflated from the beginning of a
// wheel's member. PT_DYNAMIC lies near an object's end, but linkers put .dynsym, .dynstr, .gnu.hash and the
// version tables at its front; they are found there by their own structure and proven by their hashes: names
// must hash to what the GNU hash table stores, version names to what .gnu.version_r stores. Objects rewritten
// by patchelf have their tables at the end: state `not_at_front`. Same rules for the bytes as ElfImage.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "base/error.hpp"
#include "binary/elf.hpp"

namespace wheelfit::binary {

enum class PrefixState {
  complete,      // undefined and version_needs are filled
  more_needed,   // ask again with `needed_bytes` bytes
  not_at_front,  // the tables are not found where linkers put them: the whole object is needed
};

struct ElfPrefix {
  ElfIdentity identity;
  PrefixState state = PrefixState::not_at_front;
  std::uint64_t offset = 0;  // more_needed: [offset, offset + length) of the object is wanted next
  std::uint64_t length = 0;
  // Every undefined symbol of .dynsym: those that no relocation names are among them (relocations lie further
  // back).
  std::vector<UndefinedSymbol> undefined;
  std::vector<VersionNeed> version_needs;
  // What .dynstr holds that is called like a library ("libc10.so", "libz.so.1"): those that the object needs
  // and its own SONAME, which only PT_DYNAMIC tells apart.
  std::vector<std::string_view> library_names;
  std::uint64_t tables_end = 0;  // complete: so many bytes would have done
};

// `prefix`: the object's first bytes, at least 64. A caller that gets `more_needed` and holds the whole
// object already parses it as ElfImage: an object without any version need can be as short as that. Fails for
// what is not a 64-bit little-endian ELF object.
tl::expected<ElfPrefix, ParseError> read_elf_prefix(std::span<const std::byte> prefix);

}  // namespace wheelfit::binary
