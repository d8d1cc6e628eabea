// SPDX-License-Identifier: Apache-2.0
#include "bundle/manifest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "bundles.hpp"

namespace wheelfit::bundle::test {
namespace {

using Json = nlohmann::json;
using testing::HasSubstr;

// What is said against the demo's manifest once `spoil` was there.
std::string fault_after(const std::function<void(Json&)>& spoil) {
  Json document = Json::parse(manifest_to_json(demo_manifest()));
  spoil(document);
  const auto parsed = parse_manifest(document.dump());
  return parsed ? "" : parsed.error().message;
}

TEST(Manifest, SurvivesTheWayThroughJson) {
  const Manifest manifest = demo_manifest();
  const auto read = parse_manifest(manifest_to_json(manifest));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, manifest);
  EXPECT_EQ(manifest_to_json(*read), manifest_to_json(manifest));
}

TEST(Manifest, PassesOverNamesThatItDoesNotKnow) {
  EXPECT_EQ(fault_after([](Json& document) { document["later"] = {1, 2}; }), "");
}

TEST(Manifest, ALaterSchemaIsNotReadButNamed) {
  const auto read = parse_manifest(R"({"schema_version": 2, "packages": []})");
  ASSERT_FALSE(read);
  EXPECT_TRUE(read.error().newer);
  EXPECT_THAT(read.error().message, HasSubstr("2"));
}

TEST(Manifest, IsNotReadFromAnythingElse) {
  for (const char* text : {"", "null", "[]", "{}", R"({"schema_version": 0})", R"({"schema_version": "1"})",
                           R"({"schema_version": 1})", R"({"schema_version": 1, "packages": {}})",
                           R"({"schema_version": 1, "packages": [5]})"}) {
    const auto read = parse_manifest(text);
    ASSERT_FALSE(read) << text;
    EXPECT_FALSE(read.error().newer) << text;
  }
}

TEST(Manifest, NamesThatLeaveTheFolderAreFaults) {
  for (const char* name : {"../demo.whl", "/etc/demo.whl", "a/b.whl", "..\\demo.whl", ".whl", "",
                           ".hidden.whl", "demo.zip", "new\nline.whl"}) {
    EXPECT_NE(fault_after([&](Json& document) { document["files"][0]["name"] = name; }), "") << name;
  }
}

TEST(Manifest, EveryFileHasASizeAndASha256) {
  for (const char* key : {"size", "sha256", "role", "name"}) {
    EXPECT_THAT(fault_after([&](Json& document) { document["files"][1].erase(key); }), HasSubstr(key));
  }
  EXPECT_NE(fault_after([](Json& document) { document["files"][0]["size"] = -1; }), "");
  EXPECT_NE(fault_after([](Json& document) { document["files"][0]["size"] = "many"; }), "");
  EXPECT_NE(fault_after([](Json& document) { document["files"][0]["sha256"] = "abc"; }), "");
  EXPECT_NE(fault_after([](Json& document) { document["files"][0]["sha256"] = std::string(64, 'G'); }), "");
  EXPECT_NE(fault_after([](Json& document) { document["files"][0]["role"] = "guest"; }), "");
}

TEST(Manifest, NothingIsNamedTwiceAndEveryWheelIsThere) {
  EXPECT_THAT(
      fault_after([](Json& document) { document["files"][1]["name"] = document["files"][0]["name"]; }),
      HasSubstr("twice"));
  EXPECT_THAT(fault_after([](Json& document) { document["packages"][0]["wheel"] = "other.whl"; }),
              HasSubstr("demo"));
  EXPECT_THAT(fault_after([](Json& document) { document["packages"] = Json::array(); }),
              HasSubstr("no package"));
  EXPECT_NE(fault_after([](Json& document) { document["files"][0]["role"] = "dependency"; }), "");
}

}  // namespace
}  // namespace wheelfit::bundle::test
