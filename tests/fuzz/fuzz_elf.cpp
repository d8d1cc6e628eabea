// SPDX-License-Identifier: Apache-2.0
// Any bytes as an ELF object: every question the program asks of one.
#include <cstddef>
#include <cstdint>
#include <span>

#include "binary/elf.hpp"
#include "binary/elf_prefix.hpp"
#include "binary/missing_symbol.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wheelfit::binary;
  const auto bytes = std::as_bytes(std::span(data, size));
  (void)read_elf_prefix(bytes);
  const auto image = ElfImage::parse(bytes);
  if (!image) return 0;
  for (const UndefinedSymbol& symbol : image->undefined_symbols())
    image->exports(symbol.name, symbol.version);
  image->for_each_export([&](const ExportedSymbol& symbol) { image->exports(symbol.name, symbol.version); });
  return 0;
}
