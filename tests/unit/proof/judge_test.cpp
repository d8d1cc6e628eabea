// SPDX-License-Identifier: Apache-2.0
#include "proof/judge.hpp"

#include "example_world.hpp"

namespace wheelfit::proof {
namespace {

using example::World;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
namespace fs = std::filesystem;

std::vector<ReasonCode> codes(const Loadability& result) {
  std::vector<ReasonCode> found;
  for (const Reason& reason : result.reasons) found.push_back(reason.code);
  return found;
}
std::string words(const Loadability& result) {
  std::string all;
  for (const Reason& reason : result.reasons) all += reason.text.english() + "\n";
  return all;
}

// A version script for the linker, in the world.
std::string versions(const World& world, const std::string& name, std::string_view script) {
  world.text(name, script);
  return "-Wl,--version-script=" + world.with(name);
}

class JudgeIn : public ::testing::Test {
 protected:
  JudgeIn() { world.add("bin/python", example::program); }

  Loadability judged(const fs::path& object) {
    LibraryCache cache(world.root());
    PythonProcess python{"/bin/python", {"/site"}, {}, {}};
    return judge(import_scope(cache, python), object);
  }

  World world;
  static constexpr const char* calls_api =
      R"(extern "C" { void PyModule_Create2(); void PyInit_x() { PyModule_Create2(); } })";
};

TEST_F(JudgeIn, AnExtensionModuleFindsTheInterpretersSymbols) {
  const Loadability result = judged(world.add("site/x.so", calls_api));
  EXPECT_EQ(result.verdict, Verdict::fits);
  EXPECT_THAT(result.reasons, IsEmpty());
  EXPECT_THAT(result.missing, IsEmpty());
  EXPECT_EQ(result.needs.symbols, 1U);
  EXPECT_EQ(result.needs.objects, 1U);
  EXPECT_THAT(result.not_covered, ::testing::SizeIs(1)) << "constructors; no CUDA is used";
}

TEST_F(JudgeIn, AMissingSymbolOfTheInterpreterIsAnotherPython) {
  const Loadability result = judged(
      world.add("site/x.so", R"(extern "C" { void PyUnstable_New(); void f() { PyUnstable_New(); } })"));
  EXPECT_EQ(result.verdict, Verdict::refused);
  EXPECT_THAT(codes(result), ElementsAre(ReasonCode::python_tag));
}

TEST_F(JudgeIn, AWeakSymbolMayBeMissing) {
  const Loadability result = judged(world.add(
      "site/x.so", R"(extern "C" { void maybe() __attribute__((weak)); void f() { if (maybe) maybe(); } })"));
  EXPECT_EQ(result.verdict, Verdict::fits);
}

TEST_F(JudgeIn, AMissingLibraryIsNamedOnceWithItsAsker) {
  world.library("gone/libgone.so.1", "int gone;");
  const fs::path object =
      world.add("site/x.so", "int x;", "-Wl,--no-as-needed " + world.with("gone/libgone.so.1"));
  const Loadability result = judged(object);
  EXPECT_EQ(result.verdict, Verdict::refused);
  EXPECT_THAT(codes(result), ElementsAre(ReasonCode::missing_library));
  EXPECT_EQ(words(result), "x.so needs libgone.so.1, which is not found\n");
  EXPECT_THAT(result.needs.libraries,
              ElementsAre(NeededLibrary{"libgone.so.1", "x.so", FoundBy::nothing, ""}));
}

TEST_F(JudgeIn, ALinkerScriptUnderTheNameIsSaid) {
  world.library("lib/libx.so.1", "int gone;");
  const fs::path object =
      world.add("site/x.so", "int x;", "-Wl,--no-as-needed " + world.with("lib/libx.so.1"));
  world.text("lib/libx.so.1", "INPUT(-lother)\n");
  const Loadability result = judged(object);
  EXPECT_THAT(words(result), HasSubstr("/lib/libx.so.1 is a linker script"));
}

TEST_F(JudgeIn, TheNewestMissingVersionSpeaksForAll) {
  const std::string script =
      "GLIBC_2.30 { global: a; }; GLIBC_2.36 { global: b; }; GLIBC_2.38 { global: c; };";
  const char* source = R"(extern "C" { int a() { return 1; } int b() { return 2; } int c() { return 3; } })";
  world.library("lib/libc.so.6", source, versions(world, "new.map", script));
  const fs::path object = world.add(
      "site/x.so", R"(extern "C" { int a(); int b(); int c(); int f() { return a() + b() + c(); } })",
      world.with("lib/libc.so.6"));
  EXPECT_EQ(judged(object).verdict, Verdict::fits);
  EXPECT_THAT(judged(object).needs.newest_versions,
              ElementsAre(std::pair<std::string, std::string>("GLIBC", "2.38")));
  const std::string older =
      versions(world, "old.map", "GLIBC_2.30 { global: a; }; GLIBC_2.31 { global: b; local: *; };");
  world.library("lib/libc.so.6", source, older);
  const Loadability result = judged(object);
  EXPECT_EQ(result.verdict, Verdict::refused);
  EXPECT_THAT(codes(result), ElementsAre(ReasonCode::glibc));
  EXPECT_EQ(words(result), "x.so needs GLIBC_2.38, /lib/libc.so.6 has up to GLIBC_2.31\n");
  EXPECT_THAT(result.missing, ::testing::SizeIs(2)) << "b and c";
}

TEST_F(JudgeIn, ALibraryFurtherDownIsJudgedToo) {
  world.library("lib/liba.so", R"(extern "C" { void lost(); int a() { lost(); return 1; } })");
  const fs::path object = world.add("site/x.so", R"(extern "C" { int a(); int f() { return a(); } })",
                                    world.with("lib/liba.so") + " -Wl,--allow-shlib-undefined");
  const Loadability result = judged(object);
  EXPECT_EQ(words(result), "liba.so wants lost, which no library it is linked with has\n");
  EXPECT_EQ(result.needs.objects, 2U);
}

TEST_F(JudgeIn, TheStackMayNotBeExecutableFromGlibc241On) {
  const char* source = R"(extern "C" { int a() { return 1; } })";
  const fs::path object = world.add("site/x.so", "int x;", "-Wl,-z,execstack -Wl,--no-as-needed -nostdlib");
  world.library("lib/libc.so.6", source, versions(world, "c.map", "GLIBC_2.40 { global: a; };"));
  const auto needs_libc = [&](const char* flags) {
    return world.add("bin/python", example::program,
                     std::string("-Wl,--no-as-needed ") + flags + world.with("lib/libc.so.6"));
  };
  needs_libc("");
  EXPECT_EQ(judged(object).verdict, Verdict::fits);
  world.library("lib/libc.so.6", source, versions(world, "c.map", "GLIBC_2.41 { global: a; };"));
  EXPECT_THAT(words(judged(object)), HasSubstr("executable stack"));
}

TEST_F(JudgeIn, MuchStaticThreadStorageIsADoubt) {
  const fs::path little = world.add("site/a.so", "__thread char block[64]; char *f() { return block; }",
                                    "-ftls-model=initial-exec");
  const fs::path much = world.add("site/b.so", "__thread char block[4096]; char *f() { return block; }",
                                  "-ftls-model=initial-exec");
  const fs::path dynamic =
      world.add("site/c.so", "static __thread char block[4096]; int f; char g() { return block[f]; }",
                "-Wl,--unresolved-symbols=ignore-all -Wl,-z,lazy");
  EXPECT_EQ(judged(little).verdict, Verdict::fits);
  EXPECT_EQ(judged(much).verdict, Verdict::unproven);
  EXPECT_THAT(codes(judged(much)), ElementsAre(ReasonCode::static_tls));
  EXPECT_THAT(codes(judged(dynamic)), ::testing::Not(::testing::Contains(ReasonCode::static_tls)));
}

TEST_F(JudgeIn, ProgramsAndForeignFilesAreRefused) {
  world.text("site/t.so", "not an object\n");
  world.add("site/m.so", "int x;");
  world.patch("site/m.so", 18, 8);
  EXPECT_EQ(words(judged("/site/t.so")),
            "t.so is no object that this interpreter can load: a text file, not an ELF object\n");
  EXPECT_EQ(words(judged("/site/m.so")),
            "m.so is no object that this interpreter can load: built for machine 8\n");
  EXPECT_EQ(words(judged("/site/none.so")),
            "none.so is no object that this interpreter can load: it is not there\n");
  const fs::path stubborn = world.add("site/n.so", "int x;", "-Wl,-z,nodlopen");
  EXPECT_THAT(words(judged(stubborn)), HasSubstr("forbids"));
  for (const char* name : {"/site/t.so", "/site/m.so", "/site/none.so", "/site/n.so"})
    EXPECT_THAT(codes(judged(name)), ElementsAre(ReasonCode::platform)) << name;
}

TEST_F(JudgeIn, WithoutTheInterpreterNothingIsSaid) {
  const fs::path object = world.add("site/x.so", calls_api);
  fs::remove(world.root() / "bin/python");
  const Loadability result = judged(object);
  EXPECT_EQ(result.verdict, Verdict::unproven);
  EXPECT_THAT(words(result), HasSubstr("/bin/python cannot be read"));
  EXPECT_EQ(judge_without_files().verdict, Verdict::unproven);
  EXPECT_THAT(judge_without_files().reasons, ::testing::SizeIs(1));
}

TEST_F(JudgeIn, AStagedObjectIsJudgedWithTheLibrariesOfItsPlace) {
  world.library("site/x.libs/libown.so", R"(extern "C" int own() { return 1; })");
  const World elsewhere;
  elsewhere.add("new.so", R"(extern "C" { int own(); int f() { return own(); } })",
                world.with("site/x.libs/libown.so") + " '-Wl,-rpath,$ORIGIN/../x.libs'");
  LibraryCache cache(world.root());
  cache.stage("/site/x/new.so", elsewhere.root() / "new.so");
  const Loadability result = judge(import_scope(cache, {"/bin/python", {}, {}, {}}), "/site/x/new.so");
  EXPECT_EQ(result.verdict, Verdict::fits) << words(result);
}

}  // namespace
}  // namespace wheelfit::proof
