// SPDX-License-Identifier: Apache-2.0
// The first bytes of a wheel's member, as many as its symbol tables take.
#pragma once

#include <cstddef>
#include <vector>

#include <tl/expected.hpp>

#include "base/error.hpp"
#include "binary/elf_prefix.hpp"
#include "system/zip.hpp"

namespace wheelfit::proof {

struct ModuleBeginning {
  std::vector<std::byte> bytes;  // what `tables` points into; moving it keeps them valid, copying does not
  binary::ElfPrefix tables;  // `complete`, or `not_at_front` where no sensible part of the member shows them

  ModuleBeginning() = default;
  ModuleBeginning(ModuleBeginning&&) noexcept = default;
  ModuleBeginning& operator=(ModuleBeginning&&) noexcept = default;
};

// Reads on until the tables are complete; a small member as a whole where they do not lie at its front. The
// error says what the member is instead of an ELF object. What `wheel` throws passes through.
tl::expected<ModuleBeginning, ParseError> read_module_beginning(system::ZipReader& wheel, std::size_t index);

}  // namespace wheelfit::proof
