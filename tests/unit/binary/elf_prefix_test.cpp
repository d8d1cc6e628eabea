// SPDX-License-Identifier: Apache-2.0
#include "binary/elf_prefix.hpp"

#include <cstdlib>

#include <fmt/core.h>

#include "support/elf_builder.hpp"

namespace wheelfit::binary {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

// Many undefined symbols and a few exports, against a library with versions.
std::string extension_source(int symbols) {
  std::string source = "#include <cstdlib>\n";
  std::string calls;
  for (int i = 0; i < symbols; ++i) {
    source += fmt::format("extern \"C\" int wanted_symbol_{}(int);\n", i);
    calls += fmt::format(" + wanted_symbol_{}(x)", i);
  }
  return source +
         fmt::format("extern \"C\" void* PyInit_ext(int x) {{ return std::malloc(std::size_t(0{})); }}\n",
                     calls);
}

class ElfPrefixByLinker : public ::testing::TestWithParam<const char*> {};

TEST_P(ElfPrefixByLinker, FindsTheTablesInTheFirstBytes) {
  const std::string linker = GetParam();
  if (std::system(fmt::format("command -v ld.{} >/dev/null 2>&1", linker).c_str()) != 0)
    GTEST_SKIP() << "needs the linker ld." << linker;
  const test::ElfBuilder builder;
  const test::FileBytes file(builder.shared_object(
      "ext.so", extension_source(300), fmt::format("-lc -fuse-ld={} -Wl,--hash-style=gnu", linker)));
  const auto image = ElfImage::parse(file.span());
  ASSERT_TRUE(image);
  const auto whole = read_elf_prefix(file.span());
  ASSERT_TRUE(whole);
  ASSERT_EQ(whole->state, PrefixState::complete);
  EXPECT_EQ(whole->version_needs, image->version_needs());
  EXPECT_EQ(whole->undefined.size(), image->undefined_symbols().size());
  EXPECT_THAT(whole->undefined, SizeIs(301));

  // Exactly the bytes it says it used do, and fewer make it ask.
  const auto enough = read_elf_prefix(file.span().first(whole->tables_end));
  ASSERT_TRUE(enough);
  EXPECT_EQ(enough->state, PrefixState::complete);
  EXPECT_TRUE(enough->undefined == whole->undefined);
  const auto too_few = read_elf_prefix(file.span().first(1024));
  ASSERT_TRUE(too_few);
  EXPECT_EQ(too_few->state, PrefixState::more_needed);
  EXPECT_EQ(too_few->offset, 1024U);
}

TEST_P(ElfPrefixByLinker, FindsTheNamesOfLibraries) {
  const std::string linker = GetParam();
  if (std::system(fmt::format("command -v ld.{} >/dev/null 2>&1", linker).c_str()) != 0)
    GTEST_SKIP() << "needs the linker ld." << linker;
  const test::ElfBuilder builder;
  const auto used = builder.shared_object("libused.so.7", "extern \"C\" int used() { return 1; }",
                                          "-Wl,-soname,libused.so.7");
  const test::FileBytes file(builder.shared_object(
      "ext.so", extension_source(300) + "extern \"C\" int used();\nint (*const use)() = used;\n",
      fmt::format("'{}' -lc -fuse-ld={} -Wl,--hash-style=gnu,--no-as-needed,-soname,mine.so", used.string(),
                  linker)));
  const auto prefix = read_elf_prefix(file.span());
  ASSERT_TRUE(prefix);
  EXPECT_THAT(prefix->library_names, ::testing::UnorderedElementsAre("libused.so.7", "libc.so.6", "mine.so"));
}

INSTANTIATE_TEST_SUITE_P(Linkers, ElfPrefixByLinker, ::testing::Values("bfd", "gold", "lld", "mold"),
                         [](const auto& parameter) { return std::string(parameter.param); });

TEST(ElfPrefix, SaysWhenTheTablesAreNotAtTheFront) {
  const test::ElfBuilder builder;
  test::FileBytes file(builder.shared_object("ext.so", extension_source(3), "-lc"));
  auto moved = file.bytes();
  // As after patchelf: the tables' place is empty.
  std::fill(moved.begin() + 0x200, moved.begin() + 0x1000, std::byte{});
  moved.resize(std::size_t{17} << 20);
  const auto prefix = read_elf_prefix(moved);
  ASSERT_TRUE(prefix);
  EXPECT_EQ(prefix->state, PrefixState::not_at_front);
}

TEST(ElfPrefix, RefusesWhatIsNoElfObject) {
  const std::string text = "GROUP ( libc.so.6 )";
  EXPECT_THAT(read_elf_prefix(std::as_bytes(std::span(text))).error().message, HasSubstr("linker script"));
}

}  // namespace
}  // namespace wheelfit::binary
