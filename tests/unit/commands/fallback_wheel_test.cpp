// SPDX-License-Identifier: Apache-2.0
#include "commands/fallback_wheel.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "python/metadata.hpp"
#include "python/record.hpp"
#include "python/requirement.hpp"
#include "support/temp_dir.hpp"
#include "system/files.hpp"
#include "system/sha256.hpp"

namespace wheelfit::commands {
namespace {

using testing::Contains;
using testing::HasSubstr;

class FallbackWheel : public testing::Test {
 protected:
  const system::StoredMember& member(const std::string& name) {
    for (const system::StoredMember& found : members) {
      if (found.name == name) return found;
    }
    throw std::runtime_error("there is no " + name);
  }
  catalog::Knowledge knowledge = catalog::load_knowledge(std::nullopt);
  const catalog::Recipe& recipe = *knowledge.find("flash-attn");
  static python::Version version(const char* text) { return *python::Version::parse(text); }
  std::vector<system::StoredMember> members = fallback_members(recipe, version("2.8.3"), knowledge);
};

TEST_F(FallbackWheel, HoldsThePackageAndSaysWhatItIs) {
  EXPECT_EQ(member("flash_attn/__init__.py").content, knowledge.file("fallback/flash_attn/__init__.py"));
  EXPECT_THAT(member("flash_attn/layers/rotary.py").content, HasSubstr("apply_rotary_emb"));
  const std::string& metadata = member("flash_attn-2.8.3+sdpa.dist-info/METADATA").content;
  for (const char* row : {"Name: flash-attn\n", "Version: 2.8.3+sdpa\n", "Requires-Dist: torch>=2.2\n",
                          "Requires-Python: >=3.8\n"})
    EXPECT_THAT(metadata, HasSubstr(row));
  EXPECT_THAT(member("flash_attn-2.8.3+sdpa.dist-info/WHEEL").content, HasSubstr("Tag: py3-none-any\n"));
}

TEST_F(FallbackWheel, DiffersByNothingButTheReleaseThatItRecords) {
  EXPECT_EQ(member("flash_attn/_release.py").content, knowledge.file("fallback/flash_attn/_release.py"));
  EXPECT_EQ(recipe.fallback->releases.back(), version("2.8.3"));
  for (const python::Version& release : recipe.fallback->releases) {
    const std::string label = release.to_string() + "+sdpa";
    const std::string dist_info = "flash_attn-" + label + ".dist-info";
    const auto others = fallback_members(recipe, release, knowledge);
    ASSERT_EQ(others.size(), members.size());
    for (std::size_t i = 0; i < members.size(); ++i) {
      const std::string& name = members[i].name;
      const std::string& content = others[i].content;
      if (name.ends_with("/_release.py")) {
        EXPECT_THAT(content, HasSubstr("\nVERSION = \"" + release.to_string() + "\"\n"));
      } else if (name.ends_with("/METADATA")) {
        EXPECT_THAT(content, HasSubstr("\nVersion: " + label + "\n"));
      } else if (name.starts_with("flash_attn/")) {
        EXPECT_EQ(content, members[i].content) << name;
      }
      const bool described = !name.starts_with("flash_attn/");
      EXPECT_EQ(others[i].name, described ? dist_info + name.substr(name.rfind('/')) : name);
    }
  }
}

TEST_F(FallbackWheel, RecordNamesEveryFileWithItsHash) {
  const auto record = python::parse_record(member("flash_attn-2.8.3+sdpa.dist-info/RECORD").content);
  ASSERT_TRUE(record);
  ASSERT_EQ(record->size(), members.size());
  for (const python::RecordEntry& row : *record) {
    if (row.path.ends_with("/RECORD")) continue;
    EXPECT_EQ(row.hash, system::to_urlsafe_base64(system::sha256_of(member(row.path).content))) << row.path;
    EXPECT_EQ(row.size, member(row.path).content.size()) << row.path;
  }
}

TEST_F(FallbackWheel, KnowsItsOwnInstalledVersion) {
  EXPECT_TRUE(recipe.is_fallback("2.8.3+sdpa"));
  for (const char* version : {"2.8.3", "2.8.3+cu12torch2.4", "2.8.3+sdpa.1", "", "sdpa"})
    EXPECT_FALSE(recipe.is_fallback(version)) << version;
}

TEST_F(FallbackWheel, AnOverrideFolderReplacesFilesOfIt) {
  const test::TempDir folder;
  system::make_directories(folder.path() / "fallback" / "flash_attn");
  system::write_file_atomically(folder.path() / "fallback" / "flash_attn" / "__init__.py", "mine = 1\n");
  const catalog::Knowledge other = catalog::load_knowledge(folder.path());
  members = fallback_members(*other.find("flash-attn"), version("2.8.3"), other);
  EXPECT_EQ(member("flash_attn/__init__.py").content, "mine = 1\n");
  EXPECT_THAT(member("flash_attn/bert_padding.py").content, HasSubstr("unpad_input"));
}

}  // namespace
}  // namespace wheelfit::commands
