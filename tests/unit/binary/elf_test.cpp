// SPDX-License-Identifier: Apache-2.0
#include "binary/elf.hpp"

#include <elf.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <string>

#include "support/elf_builder.hpp"

namespace wheelfit::binary {
namespace {

using test::ElfBuilder;
using test::FileBytes;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Elf : public ::testing::Test {
 protected:
  ElfImage image(const std::filesystem::path& file) {
    files_.push_back(std::make_unique<FileBytes>(file));
    auto parsed = ElfImage::parse(files_.back()->span());
    if (!parsed) throw std::runtime_error(parsed.error().message);
    return *std::move(parsed);
  }

  ElfBuilder builder;

 private:
  std::vector<std::unique_ptr<FileBytes>> files_;
};

auto named(std::string_view name) { return Field("name", &UndefinedSymbol::name, name); }

std::string problem(std::span<const std::byte> bytes) {
  const auto parsed = ElfImage::parse(bytes);
  return parsed ? "" : parsed.error().message;
}
std::string problem(std::string_view text) { return problem(std::as_bytes(std::span(text))); }

TEST_F(Elf, ReadsWhatTheLoaderReadsOfAnObject) {
  builder.shared_object("libbase.so", "int base() { return 1; }", "-Wl,-soname,libbase.so.7");
  const ElfImage object = image(builder.shared_object(
      "ext.so", "int base(); int ext() { return base(); }",
      "-L{dir} -lbase -Wl,-soname,ext.so -Wl,--enable-new-dtags -Wl,-rpath,'$ORIGIN/lib:/opt/x'"));
  EXPECT_TRUE(object.is_dynamic());
  EXPECT_EQ(object.identity().type, ElfType::shared);
  EXPECT_EQ(object.soname(), "ext.so");
  EXPECT_THAT(object.needed(), ElementsAre("libbase.so.7"));
  EXPECT_EQ(object.runpath(), "$ORIGIN/lib:/opt/x");
  EXPECT_EQ(object.rpath(), "");
  EXPECT_FALSE(object.executable_stack());
  EXPECT_THAT(object.undefined_symbols(), ElementsAre(named("_Z4basev")));
  EXPECT_TRUE(object.exports("_Z3extv"));
  EXPECT_FALSE(object.exports("_Z4basev"));
}

TEST_F(Elf, TellsRpathFromRunpath) {
  const ElfImage object = image(builder.shared_object("old.so", "int f() { return 0; }",
                                                      "-Wl,--disable-new-dtags -Wl,-rpath,/opt/old"));
  EXPECT_EQ(object.rpath(), "/opt/old");
  EXPECT_EQ(object.runpath(), "");
}

TEST_F(Elf, NamesOnlyUndefinedSymbolsThatRelocationsName) {
  // The assembler puts `unused` into .dynsym, no relocation names it: the loader never looks it up.
  const ElfImage object = image(builder.shared_object("o.so", R"(
    asm(".global unused\n.weak unused");
    extern int variable; int called(); extern "C" int maybe() __attribute__((weak));
    int f() { return variable + called() + (maybe ? maybe() : 0); })",
                                                      "-Wl,-z,lazy -Wl,--export-dynamic"));
  const auto undefined = object.undefined_symbols();
  EXPECT_THAT(undefined, Not(Contains(named("unused"))));
  EXPECT_THAT(undefined, Contains(AllOf(named("_Z6calledv"), Field(&UndefinedSymbol::lazy, true),
                                        Field(&UndefinedSymbol::weak, false))));
  EXPECT_THAT(undefined, Contains(AllOf(named("variable"), Field(&UndefinedSymbol::lazy, false))));
  EXPECT_THAT(undefined, Contains(AllOf(named("maybe"), Field(&UndefinedSymbol::weak, true))));
}

TEST_F(Elf, FindsExportsByEitherHashTable) {
  for (const std::string style : {"gnu", "sysv", "both"}) {
    const ElfImage object = image(builder.shared_object(
        style + ".so",
        "int a() { return 1; } int b = 2; __attribute__((visibility(\"hidden\"))) int c() { return 3; }",
        "-Wl,--hash-style=" + style));
    EXPECT_TRUE(object.exports("_Z1av")) << style;
    EXPECT_TRUE(object.exports("b")) << style;
    EXPECT_FALSE(object.exports("_Z1cv")) << style;
    EXPECT_FALSE(object.exports("absent")) << style;
    EXPECT_EQ(object.exported_symbols().size(), 2U) << style;
  }
}

TEST_F(Elf, ReadsTheSameWithoutASectionTable) {
  const auto path =
      builder.shared_object("lib.so", "int g(); int f() { return g(); }", "-Wl,-soname,lib.so.1");
  const ElfImage whole = image(path);
  FileBytes stripped(path);
  Elf64_Ehdr header;
  std::memcpy(&header, stripped.bytes().data(), sizeof header);
  stripped.bytes().resize(header.e_shoff);
  header.e_shoff = header.e_shnum = header.e_shstrndx = 0;
  std::memcpy(stripped.bytes().data(), &header, sizeof header);
  const auto object = ElfImage::parse(stripped.span());
  ASSERT_TRUE(object) << object.error().message;
  EXPECT_EQ(object->soname(), "lib.so.1");
  EXPECT_EQ(object->undefined_symbols(), whole.undefined_symbols());
  EXPECT_EQ(object->exported_symbols(), whole.exported_symbols());
}

TEST_F(Elf, ReadsUndefinedSymbolsWhereNothingIsExported) {
  // The linker writes a dummy GNU hash table for such an object.
  const ElfImage object = image(builder.shared_object(
      "none.so", "extern \"C\" void g(); __attribute__((visibility(\"hidden\"))) void f() { g(); }",
      "-Wl,--hash-style=gnu"));
  EXPECT_THAT(object.exported_symbols(), IsEmpty());
  EXPECT_THAT(object.undefined_symbols(), ElementsAre(named("g")));
  EXPECT_FALSE(object.exports("g"));
}

TEST_F(Elf, MatchesSymbolVersionsAsTheLoaderDoes) {
  builder.directory().write("versions.map", "V1 { global: f; };\nV2 { global: f; g; local: *; } V1;\n");
  const auto library = builder.shared_object("libv.so", R"(
    extern "C" int f_old() { return 1; } extern "C" int f_new() { return 2; } extern "C" int g() { return 3; }
    asm(".symver f_old, f@V1"); asm(".symver f_new, f@@V2");)",
                                             "-Wl,-soname,libv.so.1 -Wl,--version-script={dir}/versions.map");
  const ElfImage object = image(library);
  EXPECT_TRUE(object.defines_version("V1"));
  EXPECT_TRUE(object.defines_version("V2"));
  EXPECT_FALSE(object.defines_version("libv.so.1")) << "the base definition names the object";
  EXPECT_TRUE(object.exports("f", "V1"));
  EXPECT_TRUE(object.exports("f", "V2"));
  EXPECT_TRUE(object.exports("g", "V2"));
  EXPECT_FALSE(object.exports("g", "V1"));
  EXPECT_FALSE(object.exports("f", "V3"));
  EXPECT_TRUE(object.exports("f"));
  EXPECT_TRUE(object.exports("g")) << "the only default version serves a reference without one";

  const ElfImage user = image(builder.shared_object(
      "user.so", "extern \"C\" int f(); extern \"C\" int g(); int h() { return f() + g(); }", "-L{dir} -lv"));
  EXPECT_THAT(user.version_needs(), ElementsAre(VersionNeed{"libv.so.1", {{"V2", false}}}));
  EXPECT_THAT(user.undefined_symbols(), Contains(AllOf(named("f"), Field(&UndefinedSymbol::version, "V2"),
                                                       Field(&UndefinedSymbol::library, "libv.so.1"))));
}

TEST_F(Elf, TakesAnyVersionFromALibraryWithoutVersions) {
  const ElfImage object = image(builder.shared_object("plain.so", "extern \"C\" int f() { return 1; }"));
  EXPECT_TRUE(object.exports("f", "V1"));
}

TEST_F(Elf, TellsFlagsThatDecideOnDlopen) {
  const ElfImage odd = image(builder.shared_object(
      "odd.so", "__thread int t __attribute__((tls_model(\"initial-exec\"))) = 1; int f() { return t; }",
      "-Wl,-z,execstack -Wl,-z,nodlopen -Wl,-z,now"));
  EXPECT_TRUE(odd.executable_stack());
  EXPECT_TRUE(odd.flags().no_open);
  EXPECT_TRUE(odd.flags().static_tls);
  EXPECT_TRUE(odd.flags().bind_now);
  ASSERT_TRUE(odd.thread_local_storage());
  EXPECT_EQ(odd.thread_local_storage()->size, 4U);
}

TEST_F(Elf, ReadsTheInterpreterOfAProgram) {
  builder.directory().write("main.cpp", "int main() { return 0; }");
  builder.run("g++ {dir}/main.cpp -pie -fPIE -o {dir}/main");
  const ElfImage program = image(builder.directory() / "main");
  EXPECT_THAT(std::string(program.interpreter()), HasSubstr("ld-linux"));
  EXPECT_TRUE(program.flags().position_independent_executable);
}

TEST_F(Elf, ReadsAnObjectThatIsNotDynamic) {
  builder.directory().write("o.cpp", "int f() { return 0; }");
  builder.run("g++ -c {dir}/o.cpp -o {dir}/o.o");
  const ElfImage object = image(builder.directory() / "o.o");
  EXPECT_FALSE(object.is_dynamic());
  EXPECT_EQ(object.identity().type, ElfType::relocatable);
  EXPECT_THAT(object.needed(), IsEmpty());
  EXPECT_FALSE(object.exports("_Z1fv"));
}

TEST_F(Elf, ReadsOtherMachinesAndSaysWhich) {
  FileBytes bytes(builder.shared_object("lib.so", "int f() { return 0; }"));
  const std::uint16_t aarch64 = EM_AARCH64;
  std::memcpy(bytes.bytes().data() + offsetof(Elf64_Ehdr, e_machine), &aarch64, 2);
  const auto object = ElfImage::parse(bytes.span());
  ASSERT_TRUE(object);
  EXPECT_EQ(object->identity().machine, Machine::aarch64);
  EXPECT_EQ(machine_name(object->identity().machine), "aarch64");
  EXPECT_EQ(machine_name(Machine{4711}), "machine 4711");
}

TEST_F(Elf, RefusesWhatItDoesNotReadWithASentence) {
  EXPECT_EQ(problem(""), "an empty file");
  EXPECT_EQ(problem("/* GNU ld script */\nGROUP ( /lib/libc.so.6 )\n"), "a linker script, not an ELF object");
  EXPECT_EQ(problem("hello\n"), "a text file, not an ELF object");
  EXPECT_EQ(problem("!<arch>\nabc"), "a static library, not an ELF object");
  EXPECT_EQ(problem("MZ\x90"), "a Windows program or DLL, not an ELF object");
  EXPECT_EQ(problem("\x01\x02\x03"), "not an ELF object");
  EXPECT_THAT(problem("version https://git-lfs.github.com/spec/v1\n"), HasSubstr("Git LFS pointer"));
  EXPECT_THAT(problem("\177ELF\2\1"), HasSubstr("truncated"));
  FileBytes bytes(builder.shared_object("lib.so", "int f() { return 0; }"));
  auto narrow = bytes;
  narrow.bytes()[EI_CLASS] = std::byte{ELFCLASS32};
  EXPECT_THAT(problem(narrow.span()), HasSubstr("a 32-bit object"));
  auto big = bytes;
  big.bytes()[EI_DATA] = std::byte{ELFDATA2MSB};
  EXPECT_THAT(problem(big.span()), HasSubstr("big-endian"));
  EXPECT_THAT(problem(bytes.span().first(bytes.span().size() / 2)), HasSubstr("truncated"));
}

// Not the fuzzer, which looks deeper: a quick guard that runs with every build. The answer does not matter,
// only that there is one.
TEST_F(Elf, SurvivesDamage) {
  const FileBytes original(
      builder.shared_object("lib.so", "int g(); int f() { return g(); }", "-Wl,--hash-style=both"));
  std::mt19937 random(1);  // fixed: a failure repeats
  const auto pick = [&](std::size_t below) { return static_cast<std::size_t>(random()) % below; };
  std::size_t read = 0;
  for (int round = 0; round < 3000; ++round) {
    FileBytes damaged = original;
    for (int i = 0; i < 8; ++i) damaged.bytes()[pick(4096)] = static_cast<std::byte>(random());
    const auto object = ElfImage::parse(damaged.span());
    if (!object) continue;
    ++read;
    object->exports("_Z1fv");
    object->undefined_symbols();
    object->exported_symbols();
  }
  EXPECT_GT(read, 0U) << "all were refused at once: nothing was tried";
}

}  // namespace
}  // namespace wheelfit::binary
