// SPDX-License-Identifier: Apache-2.0
// The reader of first bytes over objects of every padding between the tables.
#include <fmt/core.h>

#include "binary/elf_prefix.hpp"
#include "support/object_builder.hpp"

namespace wheelfit::binary {
namespace {

// Zeros at 64 KiB and further: what a number misread as an offset points to.
constexpr auto room =
    "const char zeros[300000] = {0};\nint puts(const char*); int g(void) { return puts(\"x\"); }\n";

std::string spelled(std::string_view name, std::string_view version, std::string_view library) {
  return fmt::format("{}@{} of {}", name, version, library);
}

TEST(ElfPrefixShapes, VersionsAreRightWhateverThePadding) {
  test::ObjectBuilder builder;
  for (int exports = 1; exports <= 8; ++exports) {
    SCOPED_TRACE(exports);
    std::string source = room;
    for (int i = 0; i < exports; ++i) source += fmt::format("int exported_{}(void) {{ return {}; }}\n", i, i);
    const test::FileBytes bytes(builder.object(fmt::format("e{}.so", exports), source));
    const auto prefix = read_elf_prefix(bytes.span());
    const auto whole = ElfImage::parse(bytes.span());
    ASSERT_TRUE(prefix && whole);
    ASSERT_EQ(prefix->state, PrefixState::complete);
    std::vector<std::string> seen;
    for (const UndefinedSymbol& symbol : prefix->undefined)
      seen.push_back(spelled(symbol.name, symbol.version, symbol.library));
    for (const UndefinedSymbol& symbol : whole->undefined_symbols())
      EXPECT_THAT(seen, ::testing::Contains(spelled(symbol.name, symbol.version, symbol.library)));
  }
}

}  // namespace
}  // namespace wheelfit::binary
