// SPDX-License-Identifier: Apache-2.0
#include "proof/library_cache.hpp"

#include "example_world.hpp"

namespace wheelfit::proof {
namespace {

using example::World;
using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(LibraryCache, OneFileIsOneLibraryWhateverItsPath) {
  const World world;
  world.add("lib/libx.so.1", "int x;");
  world.link("lib/libx.so", "libx.so.1");
  world.link("usr/lib", "/lib");  // absolute, yet below the root
  LibraryCache cache(world.root());
  const Library* library = cache.open("/lib/libx.so.1").library;
  ASSERT_NE(library, nullptr);
  EXPECT_EQ(cache.open("/lib/libx.so").library, library);
  EXPECT_EQ(cache.open("/usr/lib/libx.so").library, library);
  EXPECT_EQ(cache.open("/lib/../usr/lib/libx.so").library, library);
  EXPECT_EQ(library->real_path, "/lib/libx.so.1");
}

TEST(LibraryCache, NothingLiesOutsideTheRoot) {
  const World world;
  const LibraryCache cache(world.root());
  EXPECT_EQ(cache.real_path("/../../.."), "/");
  EXPECT_EQ(cache.real_path(world.root()), std::nullopt);
}

TEST(LibraryCache, DirectoriesThatAreNotThereAreNotLeft) {
  const World world;
  world.add("lib/libx.so", "int x;");
  LibraryCache cache(world.root());
  EXPECT_EQ(cache.real_path("/none/../lib/libx.so"), std::nullopt);
  EXPECT_EQ(cache.real_path("/lib/libx.so/../libx.so"), std::nullopt);
  cache.stage("/site/pkg/new.so", "/nowhere/new.so");
  EXPECT_EQ(cache.real_path("/site/pkg/../../lib/libx.so"), "/lib/libx.so") << "it will be there";
}

TEST(LibraryCache, LinksInACircleLeadNowhere) {
  const World world;
  world.link("lib/a.so", "b.so");
  world.link("lib/b.so", "a.so");
  LibraryCache cache(world.root());
  EXPECT_EQ(cache.open("/lib/a.so").state, OpenState::absent);
}

TEST(LibraryCache, TellsWhyAFileIsNoLibrary) {
  const World world;
  world.text("a.so", "GROUP ( libc.so.6 )\n");
  world.text("b.so", "");
  world.add("c.so", "int c;");
  world.patch("c.so", 4, 1);
  LibraryCache cache(world.root());
  EXPECT_EQ(cache.open("/a.so").state, OpenState::unusable);
  EXPECT_THAT(cache.open("/a.so").problem, HasSubstr("linker script"));
  EXPECT_EQ(cache.open("/b.so").state, OpenState::unusable);
  EXPECT_EQ(cache.open("/c.so").state, OpenState::other_machine);
  EXPECT_EQ(cache.open("/d.so").state, OpenState::absent);
  EXPECT_EQ(cache.open("/").state, OpenState::unusable) << "a directory ends the loader's search";
}

TEST(LibraryCache, AStagedFileIsFoundWhereItWillBe) {
  const World world;
  const World elsewhere;
  elsewhere.add("new.so", "int x;");
  LibraryCache cache(world.root());
  cache.stage("/site/pkg/x.so", elsewhere.root() / "new.so");
  ASSERT_EQ(cache.open("/site/pkg/x.so").state, OpenState::readable);
  EXPECT_EQ(cache.open("/site/pkg/../pkg/x.so").library, cache.open("/site/pkg/x.so").library);
  EXPECT_EQ(cache.open("/site/pkg/x.so").library->real_path, "/site/pkg/x.so");
}

TEST(LibraryCache, ListsDirectoriesInOrder) {
  const World world;
  world.text("d/b", "");
  world.text("d/a", "");
  const LibraryCache cache(world.root());
  EXPECT_THAT(cache.names_in("/d"), ElementsAre("a", "b"));
  EXPECT_THAT(cache.names_in("/absent"), IsEmpty());
}

TEST(LibraryCache, ADamagedLoaderCacheIsAnEmptyOne) {
  const World world;
  world.text("etc/ld.so.cache", "glibc-ld.so.cache1.1 and then nothing of the kind");
  LibraryCache cache(world.root());
  EXPECT_THAT(cache.loader_cache().entries(), IsEmpty());
}

}  // namespace
}  // namespace wheelfit::proof
