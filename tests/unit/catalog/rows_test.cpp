// SPDX-License-Identifier: Apache-2.0
#include "catalog/rows.hpp"

#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/embedded_data.hpp"
#include "support/asset_lists.hpp"
#include "support/shared.hpp"

namespace wheelfit::catalog {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Names = std::set<std::pair<std::string, std::string>>;  // release, file name

std::string_view embedded(std::string_view path) {
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.path == path) return file.text;
  }
  ADD_FAILURE() << path << " is not embedded";
  return {};
}

std::vector<std::string> names(std::string_view text) {
  const auto wheels = expand_rows(text, "");
  std::vector<std::string> result;
  if (!wheels) {
    ADD_FAILURE() << wheels.error().message;
    return result;
  }
  for (const KnownWheel& wheel : *wheels) result.push_back(wheel.name);
  return result;
}

Names expanded(std::string_view path) {
  const auto wheels = expand_rows(embedded(path), "");
  Names result;
  if (!wheels) {
    ADD_FAILURE() << path << ": " << wheels.error().message;
    return result;
  }
  for (const KnownWheel& wheel : *wheels) result.emplace(wheel.release, wheel.name);
  EXPECT_EQ(result.size(), wheels->size()) << path << " names a wheel twice in one release";
  return result;
}

Names difference(const Names& left, const Names& right) {
  Names result;
  std::set_difference(left.begin(), left.end(), right.begin(), right.end(),
                      std::inserter(result, result.end()));
  return result;
}

TEST(Rows, ExpandProductsOfEveryRelease) {
  EXPECT_THAT(
      names("release v1.0 v1.1\na-*+cu{11,12}torch2.0-cp{39,313t}-linux_x86_64\n"),
      ElementsAre(
          "a-1.0+cu11torch2.0-cp39-cp39-linux_x86_64.whl", "a-1.0+cu11torch2.0-cp313-cp313t-linux_x86_64.whl",
          "a-1.0+cu12torch2.0-cp39-cp39-linux_x86_64.whl", "a-1.0+cu12torch2.0-cp313-cp313t-linux_x86_64.whl",
          "a-1.1+cu11torch2.0-cp39-cp39-linux_x86_64.whl", "a-1.1+cu11torch2.0-cp313-cp313t-linux_x86_64.whl",
          "a-1.1+cu12torch2.0-cp39-cp39-linux_x86_64.whl",
          "a-1.1+cu12torch2.0-cp313-cp313t-linux_x86_64.whl"));
}

TEST(Rows, KeepAnAbiThatIsNamedApart) {
  EXPECT_THAT(names("a-1.0-cp39-abi3-{win_amd64,manylinux_2_17_x86_64.manylinux2014_x86_64}\n"),
              ElementsAre("a-1.0-cp39-abi3-win_amd64.whl",
                          "a-1.0-cp39-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"));
}

TEST(Rows, ReadOnlyThePackageAskedFor) {
  const auto wheels = expand_rows("a_b-1.0-py3-none-any\na_b_3-1.0-py3-none-any\n", "a-b");
  ASSERT_TRUE(wheels);
  ASSERT_EQ(wheels->size(), 1U);
  EXPECT_EQ(wheels->front().name, "a_b-1.0-py3-none-any.whl");
}

TEST(Rows, CarryRecordedDigests) {
  const std::string digest(64, 'a');
  const auto wheels =
      expand_rows("release v1 v2\na-*-py3-none-any\nsha256 v2 a-2-py3-none-any.whl " + digest + " 17\n", "");
  ASSERT_TRUE(wheels) << wheels.error().message;
  ASSERT_EQ(wheels->size(), 2U);
  EXPECT_FALSE((*wheels)[0].sha256);
  EXPECT_EQ((*wheels)[1].sha256, digest);
  EXPECT_EQ((*wheels)[1].size, 17U);
}

TEST(Rows, SayWhichLineIsWrong) {
  for (const std::string_view text : {"\na-1.0-cp39\n", "\na-{1,2-cp39-any\n", "\na-x-cp39-any\n",
                                      "\nsha256 v1 a.whl beef\n", "\na-{1,2}}-cp39-any\n"}) {
    const auto wheels = expand_rows(text, "");
    ASSERT_FALSE(wheels) << text;
    EXPECT_THAT(wheels.error().message, HasSubstr("line 2: "));
  }
}

TEST(Rows, OrderReleasesByVersion) {
  EXPECT_THAT(release_orders({"v0.9.40", "v0.9.5", "nightly", "v0.9.40"}), ElementsAre(2, 1, 0, 2));
}

TEST(Rows, FieldsAreThoseOfTheName) {
  for (const char* path :
       {"rows/flash-attn-official.rows", "rows/flash-attn-mjun0812.rows", "rows/vllm-flash-attn.rows"}) {
    const auto wheels = expand_rows(embedded(path), "");
    ASSERT_TRUE(wheels) << wheels.error().message;
    for (const KnownWheel& wheel : *wheels) {
      const auto parsed = parse_wheel_fields(wheel.name);
      ASSERT_TRUE(parsed) << wheel.name << ": " << parsed.error().message;
      const WheelFields& fields = wheel.fields;
      ASSERT_EQ(fields.file.name, parsed->file.name) << wheel.name;
      ASSERT_EQ(fields.file.version_text, parsed->file.version_text) << wheel.name;
      ASSERT_EQ(fields.file.version, parsed->file.version) << wheel.name;
      ASSERT_EQ(fields.file.python_tags, parsed->file.python_tags) << wheel.name;
      ASSERT_EQ(fields.file.abi_tags, parsed->file.abi_tags) << wheel.name;
      ASSERT_EQ(fields.file.platform_tags, parsed->file.platform_tags) << wheel.name;
      ASSERT_EQ(fields.version, parsed->version) << wheel.name;
      ASSERT_EQ(fields.cuda, parsed->cuda) << wheel.name;
      ASSERT_EQ(fields.torch, parsed->torch) << wheel.name;
      ASSERT_EQ(fields.cxx11_abi, parsed->cxx11_abi) << wheel.name;
      ASSERT_EQ(fields.git_commit, parsed->git_commit) << wheel.name;
    }
  }
}

TEST(Rows, OfficialRowsAreExactlyWhatExists) {
  SKIP_WITHOUT_SHARED("data/official-assets.csv");
  SKIP_WITHOUT_SHARED("data/publish-matrix.json");
  Names expected;
  for (const test::Asset& asset : test::read_assets("data/official-assets.csv"))
    expected.emplace(asset.release, asset.name);
  ASSERT_EQ(expected.size(), 4257U);
  for (const test::MatrixRow& row : test::read_matrix()) {
    if (row.status.starts_with("post-tag") || row.release == "v2.8.3.post1")
      expected.emplace(row.release, row.file_name());
  }
  const Names found = expanded("rows/flash-attn-official.rows");
  EXPECT_THAT(difference(expected, found), ::testing::IsEmpty());
  EXPECT_THAT(difference(found, expected), ::testing::IsEmpty());
}

TEST(Rows, RecordedDigestsAreInTheOfficialRows) {
  SKIP_WITHOUT_SHARED("data/publish-matrix.json");
  std::map<std::string, std::string> digests;
  const auto wheels = expand_rows(embedded("rows/flash-attn-official.rows"), "flash-attn");
  ASSERT_TRUE(wheels);
  for (const KnownWheel& wheel : *wheels) {
    if (wheel.sha256) digests[wheel.name] = *wheel.sha256;
  }
  std::map<std::string, std::string> expected;
  for (const test::MatrixRow& row : test::read_matrix()) {
    if (!row.sha256.empty()) expected[row.file_name()] = row.sha256;
  }
  EXPECT_FALSE(expected.empty());
  EXPECT_EQ(digests, expected);
}

TEST(Rows, CommunityRowsAreExactlyWhatExists) {
  SKIP_WITHOUT_SHARED("data/community-assets.csv");
  Names expected;
  for (const test::Asset& asset : test::read_assets("data/community-assets.csv"))
    expected.emplace(asset.release, asset.name);
  ASSERT_EQ(expected.size(), 3573U);
  const Names found = expanded("rows/flash-attn-mjun0812.rows");
  EXPECT_THAT(difference(expected, found), ::testing::IsEmpty());
  EXPECT_THAT(difference(found, expected), ::testing::IsEmpty());
}

}  // namespace
}  // namespace wheelfit::catalog
