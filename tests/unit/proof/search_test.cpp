// SPDX-License-Identifier: Apache-2.0
#include "proof/search.hpp"

#include "example_world.hpp"

namespace wheelfit::proof {
namespace {

using binary::Machine;
using example::World;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
namespace fs = std::filesystem;

constexpr std::streamoff class_byte = 4, machine_byte = 18;

TEST(SplitPathList, LeavesEmptyPartsOut) {
  EXPECT_THAT(split_path_list("/a:/b;/c"), ElementsAre("/a", "/b", "/c"));
  EXPECT_THAT(split_path_list(":/a::"), ElementsAre("/a"));
  EXPECT_THAT(split_path_list(""), IsEmpty());
}

TEST(ExpandTokens, KnowsBothSpellingsOfEach) {
  EXPECT_THAT(expand_tokens("$ORIGIN/../x", "/opt/lib", Machine::x86_64), ElementsAre("/opt/lib/../x"));
  EXPECT_THAT(expand_tokens("${ORIGIN}", "/opt", Machine::x86_64), ElementsAre("/opt"));
  EXPECT_THAT(expand_tokens("/p/$PLATFORM", "/", Machine::aarch64), ElementsAre("/p/aarch64"));
  EXPECT_THAT(expand_tokens("/u/$LIB/x", "/", Machine::x86_64),
              ElementsAre("/u/lib/x86_64-linux-gnu/x", "/u/lib64/x", "/u/lib/x"));
}

TEST(ExpandTokens, LeavesOtherWordsAlone) {
  EXPECT_THAT(expand_tokens("/a/$ORIGINAL/$x", "/o", Machine::x86_64), ElementsAre("/a/$ORIGINAL/$x"));
  EXPECT_THAT(expand_tokens("$ORIGIN", "/has/$ORIGIN/in it", Machine::x86_64),
              ElementsAre("/has/$ORIGIN/in it"));
}

class SearchIn : public ::testing::Test {
 protected:
  // Who asks, with the paths it carries.
  Requester asker(const std::string& name, const std::string& flags) {
    const fs::path path = world.add("opt/" + name, "int a;", flags);
    return {path, &cache.open(path).library->image};
  }
  SearchResult find(std::vector<Requester> chain, std::string_view name = "libx.so") {
    settings.machine = chain.front().image->identity().machine;
    return search(cache, settings, name, chain, {"/bin/program", nullptr});
  }
  void offer(const std::string& directory) { world.add(directory + "/libx.so", "int x;"); }

  World world;
  LibraryCache cache{world.root()};
  SearchSettings settings;
};

constexpr const char* old_path = "-Wl,--disable-new-dtags,-rpath,/by/rpath";
constexpr const char* new_path = "-Wl,--enable-new-dtags,-rpath,/by/runpath";

TEST_F(SearchIn, RpathComesBeforeTheVariableAndRunpathAfterIt) {
  for (const char* directory : {"by/rpath", "by/runpath", "by/variable"}) offer(directory);
  settings.library_path = {"/by/variable"};
  const Requester with_rpath = asker("a.so", old_path), with_runpath = asker("b.so", new_path);
  EXPECT_EQ(find({with_rpath}).path, "/by/rpath/libx.so");
  EXPECT_EQ(find({with_rpath}).found_by, FoundBy::rpath);
  EXPECT_EQ(find({with_runpath}).path, "/by/variable/libx.so");
  settings.library_path.clear();
  EXPECT_EQ(find({with_runpath}).path, "/by/runpath/libx.so");
}

TEST_F(SearchIn, RpathIsInheritedUnlessTheAskerHasARunpath) {
  offer("by/rpath");
  const Requester loader = asker("a.so", old_path);
  EXPECT_EQ(find({asker("plain.so", ""), loader}).path, "/by/rpath/libx.so");
  EXPECT_EQ(find({asker("b.so", new_path), loader}).found_by, FoundBy::nothing);
}

TEST_F(SearchIn, RunpathIsNotInherited) {
  offer("by/runpath");
  EXPECT_EQ(find({asker("plain.so", ""), asker("b.so", new_path)}).found_by, FoundBy::nothing);
}

TEST_F(SearchIn, TheProgramsRpathCountsForEveryone) {
  offer("by/rpath");
  const Requester program = asker("program", old_path), plain = asker("plain.so", "");
  settings.machine = plain.image->identity().machine;
  const std::vector<Requester> chain{plain};
  EXPECT_EQ(search(cache, settings, "libx.so", chain, program).path, "/by/rpath/libx.so");
}

TEST_F(SearchIn, OriginIsTheDirectoryOfTheAsker) {
  offer("opt/private");
  EXPECT_EQ(find({asker("a.so", "'-Wl,-rpath,$ORIGIN/private'")}).path, "/opt/private/libx.so");
}

TEST_F(SearchIn, NamesWithASlashArePaths) {
  offer("lib");
  EXPECT_EQ(find({asker("a.so", "")}, "/lib/libx.so").found_by, FoundBy::path);
  EXPECT_EQ(find({asker("b.so", "")}, "$ORIGIN/../lib/libx.so").path, "/opt/../lib/libx.so");
}

TEST_F(SearchIn, TheDefaultDirectoriesComeLast) {
  offer("usr/lib");
  const SearchResult found = find({asker("a.so", "")});
  EXPECT_EQ(found.path, "/usr/lib/libx.so");
  EXPECT_EQ(found.found_by, FoundBy::default_directory);
  EXPECT_EQ(find({asker("no_defaults.so", "-Wl,-z,nodefaultlib")}).found_by, FoundBy::nothing);
}

TEST_F(SearchIn, LibrariesOfAnotherClassOrMachineArePassedOver) {
  for (const char* directory : {"by/rpath", "lib", "usr/lib"}) offer(directory);
  world.patch("by/rpath/libx.so", class_byte, 1);
  world.patch("lib/libx.so", machine_byte, 8);  // MIPS
  const Requester loader = asker("a.so", old_path);
  EXPECT_EQ(find({loader}).path, "/usr/lib/libx.so");
}

TEST_F(SearchIn, SaysThatOnlyAnotherMachinesWasThere) {
  offer("lib");
  world.patch("lib/libx.so", machine_byte, 8);
  const SearchResult found = find({asker("a.so", "")});
  EXPECT_EQ(found.found_by, FoundBy::nothing);
  EXPECT_EQ(found.problem, "built for machine 8");
}

TEST_F(SearchIn, ALinkerScriptEndsTheSearch) {
  world.text("by/rpath/libx.so", "/* GNU ld script */ GROUP ( libx.so.1 )\n");
  offer("lib");
  const SearchResult found = find({asker("a.so", old_path)});
  EXPECT_EQ(found.path, "/by/rpath/libx.so");
  EXPECT_EQ(found.library, nullptr);
  EXPECT_THAT(found.problem, HasSubstr("linker script"));
}

TEST_F(SearchIn, HwcapsDirectoriesAreLookedAtFirst) {
  offer("lib");
  offer("lib/glibc-hwcaps/x86-64-v3");
  const Requester loader = asker("a.so", "");
  EXPECT_EQ(find({loader}).path, "/lib/libx.so");
  settings.hwcaps = {"x86-64-v4", "x86-64-v3"};
  EXPECT_EQ(find({loader}).path, "/lib/glibc-hwcaps/x86-64-v3/libx.so");
}

}  // namespace
}  // namespace wheelfit::proof
