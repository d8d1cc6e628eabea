// SPDX-License-Identifier: Apache-2.0
#include "example_world.hpp"
#include "proof/judge.hpp"
#include "support/elf_builder.hpp"

namespace wheelfit::proof {
namespace {

using binary::PrefixState;
using example::World;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
namespace fs = std::filesystem;

// The tables are given by hand, as read_elf_prefix() would have found them: what is tested is the judgement.
class JudgePrefix : public ::testing::Test {
 protected:
  JudgePrefix() {
    world.add("bin/python", example::program);
    const std::string script = "-Wl,--version-script=" + world.with("c.map");
    world.text("c.map", "GLIBC_2.30 { global: puts; };");
    world.library("lib/libc.so.6", R"(extern "C" int puts() { return 1; })", script);
    scope.process = import_scope(cache, {"/bin/python", {}, {}, {}}).process;
    prefix.state = PrefixState::complete;
    prefix.identity.machine = scope.process.machine();
  }
  void wants(std::string_view symbol, std::string_view version = "", std::string_view library = "") {
    prefix.undefined.push_back({symbol, version, library});
    if (!version.empty()) prefix.version_needs.push_back({library, {{version}}});
  }
  Loadability judged() { return judge_prefix(scope, prefix, "x.so"); }

  World world;
  LibraryCache cache{world.root()};
  ImportScope scope{Process(cache, {}), {}, {}};
  binary::ElfPrefix prefix;
};

TEST_F(JudgePrefix, FitsWhereEverySymbolIsBoundAndSaysWhatItDoesNotKnow) {
  wants("PyModule_Create2");
  wants("puts", "GLIBC_2.30", "libc.so.6");
  const Loadability result = judged();
  EXPECT_EQ(result.verdict, Verdict::fits);
  EXPECT_THAT(result.needs.libraries,
              ElementsAre(NeededLibrary{"libc.so.6", "x.so", FoundBy::default_directory, "/lib/libc.so.6"}));
  EXPECT_THAT(result.not_covered.back().english(), HasSubstr("where it looks for its libraries"));
}

TEST_F(JudgePrefix, AMissingVersionIsARefusal) {
  wants("puts", "GLIBC_2.38", "libc.so.6");
  const Loadability result = judged();
  EXPECT_EQ(result.verdict, Verdict::refused);
  ASSERT_EQ(result.reasons.size(), 1U);
  EXPECT_EQ(result.reasons[0].code, ReasonCode::glibc);
}

TEST_F(JudgePrefix, ASymbolOfThePythonThatIsMissingIsARefusal) {
  wants("PyUnstable_New");
  EXPECT_EQ(judged().verdict, Verdict::refused);
}

TEST_F(JudgePrefix, ASymbolOfNobodysMayComeAlong) {
  wants("own_thing");
  const Loadability result = judged();
  EXPECT_EQ(result.verdict, Verdict::unproven);
  EXPECT_EQ(result.missing.size(), 1U);
}

TEST_F(JudgePrefix, AVersionedLibraryOfNobodysMayComeAlongWithItsSymbols) {
  wants("GOMP_parallel", "GOMP_4.0", "libgomp-0123abcd.so.1");
  const Loadability result = judged();
  EXPECT_EQ(result.verdict, Verdict::unproven);
  EXPECT_THAT(result.missing, IsEmpty());
  ASSERT_EQ(result.reasons.size(), 1U);
  EXPECT_EQ(result.reasons[0].code, ReasonCode::missing_library);
}

TEST_F(JudgePrefix, ALibraryThatIsNamedAndFoundIsLoaded) {
  world.library("lib/libz.so.1", "extern \"C\" int inflate() { return 1; }");
  prefix.library_names = {"x.so", "libz.so.1"};
  wants("inflate");
  const Loadability result = judged();
  EXPECT_EQ(result.verdict, Verdict::fits);
  EXPECT_THAT(result.needs.libraries,
              ElementsAre(NeededLibrary{"libz.so.1", "x.so", FoundBy::default_directory, "/lib/libz.so.1"}));
}

TEST_F(JudgePrefix, ALibraryThatIsNamedAndNotFoundIsADoubt) {
  prefix.library_names = {"libnowhere.so.1"};
  const Loadability result = judged();
  EXPECT_EQ(result.verdict, Verdict::unproven);
  ASSERT_EQ(result.reasons.size(), 1U);
  EXPECT_EQ(result.reasons[0].code, ReasonCode::missing_library);
  EXPECT_THAT(result.reasons[0].text.english(), HasSubstr("libnowhere.so.1"));
}

TEST_F(JudgePrefix, AnotherMachineIsARefusal) {
  prefix.identity.machine = static_cast<binary::Machine>(4711);
  EXPECT_EQ(judged().verdict, Verdict::refused);
}

TEST_F(JudgePrefix, AnIncompletePrefixProvesNothing) {
  prefix.state = PrefixState::not_at_front;
  EXPECT_EQ(judged().verdict, Verdict::unproven);
}

}  // namespace
}  // namespace wheelfit::proof
