// SPDX-License-Identifier: Apache-2.0
#include "conda/description.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conda/layout.hpp"
#include "conda/unpacked_package.hpp"

namespace wheelfit::conda {
namespace {

TEST(PackageIndex, SaysWhatThePackageIs) {
  const auto index = parse_package_index(
      R"({"name": "flash-attn", "version": "2.8.3", "build": "py312_5", "subdir": "linux-64",
          "depends": ["python >=3.12,<3.13.0a0", "pytorch >=2.7.1,<2.8.0a0"]})");
  ASSERT_TRUE(index);
  EXPECT_EQ(index->full_name(), "flash-attn-2.8.3-py312_5");
  EXPECT_EQ(index->depends.size(), 2U);
  EXPECT_FALSE(index->noarch_python);
}

TEST(PackageIndex, OldOnesNameTheMachineOtherwise) {
  const auto index = parse_package_index(
      R"({"name": "a", "version": "1", "build": "0", "arch": "x86_64", "platform": "linux"})");
  ASSERT_TRUE(index);
  EXPECT_EQ(index->subdir, "linux-64");
}

TEST(PackageIndex, AnythingElseIsAnError) {
  for (const char* bytes :
       {"", "[]", "{", R"({"name": "a"})", R"({"name": 1, "version": "1", "build": "0"})"})
    EXPECT_FALSE(parse_package_index(bytes)) << bytes;
}

TEST(Paths, SayWhatIsRelocatedAndHow) {
  const auto paths = parse_paths(R"({"paths_version": 1, "paths": [
      {"_path": "a", "path_type": "hardlink", "sha256": "zz"},
      {"_path": "b", "path_type": "hardlink", "prefix_placeholder": "/p", "file_mode": "binary"},
      {"_path": "c", "path_type": "softlink"}, {"_path": "d", "path_type": "directory"}]})");
  ASSERT_TRUE(paths);
  ASSERT_EQ(paths->size(), 3U);
  EXPECT_FALSE((*paths)[0].sha256);
  EXPECT_EQ((*paths)[1].placeholder, "/p");
  EXPECT_EQ((*paths)[1].mode, FileMode::binary);
  EXPECT_TRUE((*paths)[2].symlink);
  for (const char* bytes : {"", "{}", R"({"paths": [1]})", R"({"paths": [{}]})"})
    EXPECT_FALSE(parse_paths(bytes)) << bytes;
}

TEST(Paths, OfOldPackages) {
  const auto paths = parse_old_paths("bin/a\nlib/b c\nplain\n", "bin/a\n\"/p q\" binary \"lib/b c\"\n");
  ASSERT_TRUE(paths);
  EXPECT_EQ((*paths)[0].placeholder, "/opt/anaconda1anaconda2anaconda3");
  EXPECT_EQ((*paths)[0].mode, FileMode::text);
  EXPECT_EQ((*paths)[1].placeholder, "/p q");
  EXPECT_EQ((*paths)[1].mode, FileMode::binary);
  EXPECT_EQ((*paths)[2].placeholder, "");
  EXPECT_FALSE(parse_old_paths("a\n", "/p text b\n"));
  EXPECT_FALSE(parse_old_paths("a\n", "/p neither a\n"));
}

TEST(Place, EveryFileHasOne) {
  PackageIndex index;
  EXPECT_EQ(place("lib/python3.12/site-packages/a/b.py", index).name, "a/b.py");
  EXPECT_EQ(place("lib/python3.13t/site-packages/a.so", index).python, "3.13t");
  EXPECT_EQ(place("lib/python3.12/site-packages/a/__pycache__/b.pyc", index).part, Part::dropped);
  EXPECT_EQ(place("bin/run", index).part, Part::script);
  EXPECT_EQ(place("lib/libx.so.1", index).part, Part::data);
  EXPECT_EQ(place("site-packages/a.py", index).part, Part::data);
  EXPECT_EQ(place("lib/python3.12/os.py", index).part, Part::refused);
  EXPECT_EQ(place("bin/.x-post-link.sh", index).part, Part::refused);
  EXPECT_EQ(place("conda-meta/x.json", index).part, Part::refused);
  index.noarch_python = true;
  EXPECT_EQ(place("site-packages/a.py", index).name, "a.py");
  EXPECT_EQ(place("python-scripts/run", index).name, "run");
}

TEST(PackageName, HasThreeParts) {
  const auto name = parse_package_name("flash-attn-fused-dense-2.8.3-py312_5.conda");
  ASSERT_TRUE(name);
  EXPECT_EQ(name->name, "flash-attn-fused-dense");
  EXPECT_EQ(name->version, "2.8.3");
  EXPECT_EQ(name->build, "py312_5");
  for (const char* none : {"a-1.conda", "a.tar.bz2", ".conda", "a-1-0.whl", "-1-0.conda"})
    EXPECT_FALSE(parse_package_name(none)) << none;
}

}  // namespace
}  // namespace wheelfit::conda
