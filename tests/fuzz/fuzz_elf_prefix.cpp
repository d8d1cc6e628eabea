// SPDX-License-Identifier: Apache-2.0
// Any bytes as the compressed beginning of a module: inflated, and its tables looked for, as a preflight
// does. Bytes that are no deflate are taken as they are, so that the reader of tables sees every kind of them
// too.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "binary/elf_prefix.hpp"
#include "system/inflate.hpp"

namespace {

using wheelfit::system::Inflater;

std::vector<std::byte> inflated(std::span<const std::byte> input) {
  constexpr std::size_t most = 1 << 20;
  static Inflater inflater;
  std::vector<std::byte> out;
  inflater.run(
      [&](std::span<std::byte> buffer) {
        const auto piece = input.first(std::min({input.size(), buffer.size(), std::size_t{4096}}));
        std::ranges::copy(piece, buffer.begin());
        input = input.subspan(piece.size());
        return piece.size();
      },
      [&](std::span<const std::byte> piece) {
        out.insert(out.end(), piece.begin(), piece.end());
        return out.size() < most;
      });
  return out;
}

void read_tables(std::span<const std::byte> prefix) {
  using wheelfit::binary::PrefixState;
  const auto tables = wheelfit::binary::read_elf_prefix(prefix);
  if (!tables) return;
  // Who asks for more must ask for what follows, or a preflight would never end.
  if (tables->state == PrefixState::more_needed && (tables->offset != prefix.size() || tables->length == 0))
    std::abort();
  if (tables->state == PrefixState::complete && tables->tables_end > prefix.size()) std::abort();
  std::size_t letters = 0;
  for (const auto& symbol : tables->undefined) letters += symbol.name.size() + symbol.version.size();
  if (letters > 0 && prefix.empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  read_tables(inflated(bytes));
  read_tables(bytes);
  return 0;
}
