// SPDX-License-Identifier: Apache-2.0
#include "pipcache/cache_key.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wheelfit::pipcache {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

python::Version pip(const char* text) { return python::Version::parse(text).value(); }

const KeyInterpreter cp311{"cp", "311"};

// What pip 25 says of it (tests/differential/pipcache asks many pips about many links).
TEST(CacheKey, IsThatOfPip) {
  EXPECT_EQ(key_directories("https://files.example/a-1.0.tar.gz#sha256=00ff", {}, cp311, pip("25.0")),
            std::vector<std::filesystem::path>{
                "wheels/71/1b/94/6ed4c4dfe3d031ce12a019bbea37337e0970f896df1a88d577"});
}

TEST(CacheKey, DependsOnAllOfItsParts) {
  const Link link{"https://files.example/a-1.0.tar.gz", Hash{"sha256", "00ff"}, "", "a-1.0.tar.gz"};
  Link no_hash = link;
  no_hash.hash.reset();
  Link subdirectory = link;
  subdirectory.subdirectory = "python";
  EXPECT_NE(key_directory(link, cp311), key_directory(no_hash, cp311));
  EXPECT_NE(key_directory(link, cp311), key_directory(subdirectory, cp311));
  EXPECT_NE(key_directory(link, cp311), key_directory(link, {"cp", "312"}));
  EXPECT_NE(key_directory(link, cp311), key_directory(link, {"pp", "311"}));
  EXPECT_NE(legacy_key_directory(link), legacy_key_directory(no_hash));
  EXPECT_EQ(legacy_key_directory(link), legacy_key_directory(subdirectory));
}

TEST(CacheKey, IsOneOrTwoByTheRelease) {
  const Link link = parse_link("https://files.example/a-1.0.tar.gz#sha256=00ff", pip("20.0")).value();
  EXPECT_THAT(key_directories(link, cp311, pip("19.3.1")), ElementsAre(legacy_key_directory(link)));
  EXPECT_THAT(key_directories(link, cp311, pip("20.0.2")),
              ElementsAre(key_directory(link, cp311), legacy_key_directory(link)));
  EXPECT_THAT(key_directories(link, cp311, pip("20.3.4")), SizeIs(2));
  EXPECT_THAT(key_directories(link, cp311, pip("21.0")), ElementsAre(key_directory(link, cp311)));
}

TEST(CacheKey, LosesThePagesHashWith22_3) {
  const std::vector<Hash> beside{{"sha256", "00ff"}};
  const std::string url = "https://files.example/a-1.0.tar.gz";
  const auto with = key_directories(url + "#sha256=00ff", {}, cp311, pip("25.0"));
  const auto without = key_directories(url, {}, cp311, pip("25.0"));
  EXPECT_EQ(key_directories(url, beside, cp311, pip("22.2.2")), with);
  EXPECT_EQ(key_directories(url, beside, cp311, pip("22.3")), without);
  EXPECT_EQ(key_directories(url, beside, cp311, pip("22.3.1")), without);
  EXPECT_EQ(key_directories(url, beside, cp311, pip("23.0")), with);
  EXPECT_EQ(key_directories(url + "#sha256=00ff", {}, cp311, pip("22.3.1")), with);
}

TEST(CacheKey, HasNoneForWhatPipRaisesOn) {
  EXPECT_THAT(key_directories("https://[::1/a-1.0.tar.gz", {}, cp311, pip("25.0")), IsEmpty());
}

TEST(CacheKey, NamesTheInterpreterAsPackagingDoes) {
  EXPECT_EQ(key_interpreter("cpython", pip("3.11.7")), cp311);
  EXPECT_EQ(key_interpreter("pypy", pip("3.10")), (KeyInterpreter{"pp", "310"}));
  EXPECT_EQ(key_interpreter("graalpy", pip("3.11")), (KeyInterpreter{"graalpy", "311"}));
}

}  // namespace
}  // namespace wheelfit::pipcache
