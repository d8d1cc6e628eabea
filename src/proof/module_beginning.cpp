// SPDX-License-Identifier: Apache-2.0
#include "proof/module_beginning.hpp"

#include <algorithm>
#include <utility>

#include "binary/elf.hpp"

namespace wheelfit::proof {
namespace {

constexpr std::uint64_t first_look = 64 << 10;
constexpr std::uint64_t longest_beginning = 8 << 20;  // of tables larger than that a download is no more
constexpr std::uint64_t small_member = 256 << 10;     // compressed: one request more

// The same tables, found as the loader finds them.
tl::expected<binary::ElfPrefix, ParseError> tables_of_whole(const std::vector<std::byte>& object) {
  const auto image = binary::ElfImage::parse(object);
  if (!image) return tl::unexpected(image.error());
  if (!image->is_dynamic()) return tl::unexpected(ParseError{"it has no dynamic section"});
  binary::ElfPrefix tables;
  tables.identity = image->identity();
  tables.state = binary::PrefixState::complete;
  tables.undefined = image->undefined_symbols();
  tables.version_needs = image->version_needs();
  tables.tables_end = object.size();
  return tables;
}

}  // namespace

tl::expected<ModuleBeginning, ParseError> read_module_beginning(system::ZipReader& wheel, std::size_t index) {
  const system::ZipEntry& member = wheel.entries().at(index);
  const bool is_small = member.compressed_size <= small_member && member.size <= longest_beginning;
  ModuleBeginning beginning;
  std::uint64_t wanted = std::min(first_look, member.size);
  for (;;) {
    beginning.bytes = wheel.read_beginning(index, wanted);
    auto tables = binary::read_elf_prefix(beginning.bytes);
    const bool whole = wanted >= member.size;
    const bool found = tables && tables->state == binary::PrefixState::complete;
    if (tables && !found && whole) tables = tables_of_whole(beginning.bytes);
    if (!tables) return tl::unexpected(tables.error());
    const bool more = tables->state == binary::PrefixState::more_needed && wanted < longest_beginning;
    beginning.tables = std::move(*tables);
    if (found || whole || (!more && !is_small)) return beginning;
    wanted =
        more ? std::min({beginning.tables.offset + beginning.tables.length, longest_beginning, member.size})
             : member.size;
  }
}

}  // namespace wheelfit::proof
