// SPDX-License-Identifier: Apache-2.0
#include "proof/process.hpp"

#include "example_world.hpp"

namespace wheelfit::proof {
namespace {

using example::World;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> names_of(const Process& process, const std::vector<std::size_t>& objects) {
  std::vector<std::string> names;
  for (const std::size_t object : objects) names.push_back(process.objects()[object].file_name());
  return names;
}

class ProcessOf : public ::testing::Test {
 protected:
  ProcessOf() { world.add("bin/program", example::program); }
  void start() { process.start("/bin/program"); }

  World world;
  LibraryCache cache{world.root()};
  Process process{cache, {}};
};

constexpr const char* linked = "-Wl,--no-as-needed -Wl,-rpath,'$ORIGIN'";

TEST_F(ProcessOf, DependenciesAreOrderedBreadthFirst) {
  world.library("lib/libdeep.so", "int deep;");
  world.library("lib/liba.so", "int a;", std::string(linked) + " " + world.with("lib/libdeep.so"));
  world.library("lib/libb.so", "int b;");
  world.add("x.so", "int x;",
            std::string(linked) + " " + world.with("lib/liba.so") + " " + world.with("lib/libb.so"));
  start();
  const LoadResult loaded = process.load("/x.so", Visibility::local);
  EXPECT_THAT(names_of(process, loaded.scope), ElementsAre("x.so", "liba.so", "libb.so", "libdeep.so"));
  EXPECT_TRUE(loaded.complete());
  EXPECT_THAT(names_of(process, process.global_scope()), ElementsAre("program"));
}

TEST_F(ProcessOf, ALoadedObjectAnswersToItsSonameWhereverItLies) {
  world.library("odd/place/libfar.so.1", "int far_away;");
  world.add("x.so", "int x;", "-Wl,--no-as-needed " + world.with("odd/place/libfar.so.1"));
  start();
  Process before = process;
  EXPECT_FALSE(before.load("/x.so", Visibility::local).complete());
  process.load("/odd/place/libfar.so.1", Visibility::local);
  const LoadResult loaded = process.load("/x.so", Visibility::local);
  EXPECT_TRUE(loaded.complete());
  ASSERT_EQ(loaded.needs.size(), 1U);
  EXPECT_EQ(loaded.needs[0].result.found_by, FoundBy::already_loaded);
  EXPECT_EQ(loaded.needs[0].result.path, "/odd/place/libfar.so.1");
}

TEST_F(ProcessOf, OneFileUnderTwoNamesIsLoadedOnce) {
  world.add("lib/libreal.so", "int r;");
  world.link("lib/libalias.so", "libreal.so");
  const std::string directory = "-L" + world.with("lib") + " -Wl,--no-as-needed";
  world.add("x.so", "int x;", directory + " -l:libreal.so -l:libalias.so");
  start();
  const LoadResult loaded = process.load("/x.so", Visibility::local);
  EXPECT_EQ(loaded.added.size(), 2U);
  EXPECT_TRUE(loaded.complete());
}

TEST_F(ProcessOf, GlobalObjectsJoinTheScopeOfEveryone) {
  world.add("g.so", "int g;");
  start();
  process.load("/g.so", Visibility::global);
  EXPECT_THAT(names_of(process, process.global_scope()), ElementsAre("program", "g.so"));
  EXPECT_EQ(process.start_count(), 1U);
}

TEST_F(ProcessOf, ObjectsThatNeedEachOtherDoNotLoopForEver) {
  world.library("lib/liba.so", "int a;");
  world.library("lib/libb.so", "int b;", "-Wl,--no-as-needed " + world.with("lib/liba.so"));
  world.library("lib/liba.so", "int a;", "-Wl,--no-as-needed " + world.with("lib/libb.so"));
  start();
  const LoadResult loaded = process.load("/lib/liba.so", Visibility::local);
  EXPECT_THAT(names_of(process, loaded.scope), ElementsAre("liba.so", "libb.so"));
}

TEST_F(ProcessOf, AnAbsentProgramStartsNothing) {
  EXPECT_EQ(process.start("/bin/absent").object, std::nullopt);
  EXPECT_THAT(process.objects(), IsEmpty());
}

TEST_F(ProcessOf, AnObjectForAnotherMachineIsNotLoaded) {
  world.add("x.so", "int x;");
  world.patch("x.so", 18, 8);
  start();
  const LoadResult loaded = process.load("/x.so", Visibility::local);
  EXPECT_EQ(loaded.object, std::nullopt);
  EXPECT_EQ(loaded.problem, "built for machine 8");
}

}  // namespace
}  // namespace wheelfit::proof
