// SPDX-License-Identifier: Apache-2.0
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalog/candidate.hpp"
#include "support/asset_lists.hpp"
#include "support/shared.hpp"

namespace wheelfit::catalog {
namespace {

struct Expected {
  std::string cuda;  // "12.8"; "" = not said
  std::string torch;
  std::optional<bool> cxx11_abi;
  std::string rocm;
  std::string git;
  std::vector<std::string> architectures;
};

struct Dialect {
  std::string label;  // "" = none
  Expected expected;
};

WheelFields fields_of(const std::string& label) {
  const std::string name =
      "flash_attn-2.8.3" + (label.empty() ? "" : "+" + label) + "-cp312-cp312-linux_x86_64.whl";
  const auto fields = parse_wheel_fields(name);
  EXPECT_TRUE(fields) << name << ": " << (fields ? "" : fields.error().message);
  return fields.value_or(WheelFields{});
}

class WheelNameDialect : public ::testing::TestWithParam<Dialect> {};

TEST_P(WheelNameDialect, SaysWhatItSays) {
  const WheelFields fields = fields_of(GetParam().label);
  const Expected& expected = GetParam().expected;
  EXPECT_EQ(fields.cuda ? fields.cuda->to_string() : "", expected.cuda);
  EXPECT_EQ(fields.torch ? fields.torch->to_string() : "", expected.torch);
  EXPECT_EQ(fields.rocm ? fields.rocm->to_string() : "", expected.rocm);
  EXPECT_EQ(fields.cxx11_abi, expected.cxx11_abi);
  EXPECT_EQ(fields.git_commit, expected.git);
  EXPECT_EQ(fields.architectures, expected.architectures);
  EXPECT_EQ(fields.version.to_string(), "2.8.3");
}

INSTANTIATE_TEST_SUITE_P(
    Publishers, WheelNameDialect,
    ::testing::Values(
        Dialect{"", {}}, Dialect{"cpu", {}}, Dialect{"cu118", {"11.8", "", {}, "", "", {}}},
        Dialect{"cu92", {"9.2", "", {}, "", "", {}}}, Dialect{"cu1210", {"12.10", "", {}, "", "", {}}},
        Dialect{"cu11torch2.1cxx11abiFALSE", {"11", "2.1", false, "", "", {}}},
        Dialect{"cu122torch2.2cxx11abiFALSE", {"12.2", "2.2", false, "", "", {}}},
        Dialect{"cu12torch2.8cxx11abiTRUE", {"12", "2.8", true, "", "", {}}},
        Dialect{"cu13torch2.10cxx11abiTRUE", {"13", "2.10", true, "", "", {}}},
        Dialect{"cu124torch2.5", {"12.4", "2.5", {}, "", "", {}}},
        Dialect{"cu128torch2.9gite2743ab", {"12.8", "2.9", {}, "", "e2743ab", {}}},
        Dialect{"cu.12.8.torch.2.11", {"12.8", "2.11", {}, "", "", {}}},
        Dialect{"cu128.torch280", {"12.8", "2.8.0", {}, "", "", {}}},
        Dialect{"20260101.cu128torch280cxx11abitrue.a1b2c3", {"12.8", "2.8.0", true, "", "", {}}},
        Dialect{"cu130torch2110cxx11abifalse.0cu12f", {"13.0", "2.11.0", false, "", "", {}}},
        Dialect{"cu128.torch2.9.0", {"12.8", "2.9.0", {}, "", "", {}}},
        Dialect{"pt20cu118", {"11.8", "2.0", {}, "", "", {}}},
        Dialect{"pt210cu128", {"12.8", "2.10", {}, "", "", {}}},
        Dialect{"torch2110cu130", {"13.0", "2.11.0", {}, "", "", {}}},
        Dialect{"torch210cu121", {"12.1", "2.1.0", {}, "", "", {}}},
        Dialect{"torch28", {"", "2.8", {}, "", "", {}}}, Dialect{"torch20260101", {"", "", {}, "", "", {}}},
        Dialect{"rocm6.2", {"", "", {}, "6.2", "", {}}},
        Dialect{"rocm624torch2.7", {"", "2.7", {}, "6.2.4", "", {}}},
        Dialect{"rocm62torch2.5cxx11abiFALSE", {"", "2.5", false, "6.2", "", {}}},
        Dialect{"cu124torch2.5.1cxx11abiFALSE", {"12.4", "2.5.1", false, "", "", {}}},
        Dialect{"cu128torch2.8cxx11abiTRUEsm80sm90", {"12.8", "2.8", true, "", "", {"sm_80", "sm_90"}}},
        Dialect{"cu128torch2.8.sm90a.sm_120", {"12.8", "2.8", {}, "", "", {"sm_90a", "sm_120"}}},
        Dialect{"CU12TORCH2.4CXX11ABI1", {"12", "2.4", true, "", "", {}}},
        Dialect{"cu128torch2.10.0andhigher.post4", {"12.8", "2.10.0", {}, "", "", {}}}));

TEST(WheelFields, ReadInterpreterAndPlatform) {
  const auto old =
      parse_wheel_fields("flash_attn-2.5.3+cu122torch1.13cxx11abiFALSE-cp37-cp37m-linux_x86_64.whl");
  ASSERT_TRUE(old);
  EXPECT_THAT(old->file.python_tags, ::testing::ElementsAre("cp37"));
  EXPECT_THAT(old->file.abi_tags, ::testing::ElementsAre("cp37m"));
  const auto three = parse_wheel_fields(
      "flash_attn_3-3.0.0+cu128torch2.9gite2743ab-cp39-abi3-manylinux_2_24_x86_64.manylinux_2_28_x86_64.whl");
  ASSERT_TRUE(three);
  EXPECT_EQ(three->file.name, "flash_attn_3");
  EXPECT_THAT(three->file.abi_tags, ::testing::ElementsAre("abi3"));
  EXPECT_THAT(three->file.platform_tags,
              ::testing::ElementsAre("manylinux_2_24_x86_64", "manylinux_2_28_x86_64"));
  EXPECT_FALSE(parse_wheel_fields("flash_attn-2.5.3.tar.gz"));
  EXPECT_FALSE(parse_wheel_fields(""));
}

// Judged by an expression of its own: what stands between the words is what the fields must say.
void expect_fields_of_name(const test::Asset& asset, const std::regex& grammar) {
  std::smatch match;
  ASSERT_TRUE(std::regex_match(asset.name, match, grammar)) << asset.name;
  const auto fields = parse_wheel_fields(asset.name);
  ASSERT_TRUE(fields) << asset.name << ": " << fields.error().message;
  EXPECT_EQ(fields->file.name, match[1].str()) << asset.name;
  EXPECT_EQ(fields->version.to_string(), match[2].str()) << asset.name;
  const std::string digits = match[3];
  const std::string cuda = digits.size() == 2 ? digits : digits.substr(0, 2) + "." + digits.substr(2);
  ASSERT_TRUE(fields->cuda) << asset.name;
  EXPECT_EQ(fields->cuda->to_string(), cuda) << asset.name;
  ASSERT_TRUE(fields->torch) << asset.name;
  EXPECT_EQ(fields->torch->to_string(), match[4].str()) << asset.name;
  EXPECT_EQ(fields->cxx11_abi, match[5].matched ? std::optional(match[5] == "TRUE") : std::nullopt)
      << asset.name;
  EXPECT_EQ(fields->git_commit, match[6].str()) << asset.name;
  EXPECT_THAT(fields->file.python_tags, ::testing::ElementsAre(match[7].str())) << asset.name;
  EXPECT_THAT(fields->file.abi_tags, ::testing::ElementsAre(match[8].str())) << asset.name;
  std::string platforms;
  for (const std::string& tag : fields->file.platform_tags) platforms += (platforms.empty() ? "" : ".") + tag;
  EXPECT_EQ(platforms, match[9].str()) << asset.name;
}

const char grammar_text[] =
    R"((flash_attn(?:_3)?)-([0-9.]+(?:\.post[0-9]+)?)\+cu([0-9]+)torch([0-9]\.[0-9]+)(?:cxx11abi(TRUE|FALSE))?)"
    R"((?:git([0-9a-f]{7}))?-(cp[0-9]+)-(cp[0-9]+[mt]?|abi3)-([a-z0-9_.]+)\.whl)";

TEST(WheelFields, OfEveryOfficialWheel) {
  SKIP_WITHOUT_SHARED("data/official-assets.csv");
  const std::regex grammar(grammar_text, std::regex::optimize);
  const auto assets = test::read_assets("data/official-assets.csv");
  ASSERT_EQ(assets.size(), 4257U);
  for (const test::Asset& asset : assets) {
    expect_fields_of_name(asset, grammar);
    if (HasFailure()) return;
  }
}

TEST(WheelFields, OfEveryCommunityWheel) {
  SKIP_WITHOUT_SHARED("data/community-assets.csv");
  const std::regex grammar(grammar_text, std::regex::optimize);
  const auto assets = test::read_assets("data/community-assets.csv");
  ASSERT_EQ(assets.size(), 3573U);
  for (const test::Asset& asset : assets) {
    expect_fields_of_name(asset, grammar);
    if (HasFailure()) return;
  }
}

TEST(WheelFields, AgreeWithThePublishMatrix) {
  SKIP_WITHOUT_SHARED("data/publish-matrix.json");
  std::size_t judged = 0;
  for (const test::MatrixRow& row : test::read_matrix()) {
    if (row.release.starts_with("main")) continue;
    const auto fields = parse_wheel_fields(row.file_name());
    ASSERT_TRUE(fields) << row.file_name();
    EXPECT_EQ("v" + fields->version.to_string(), row.release);
    EXPECT_EQ(fields->torch.value().to_string(), row.torch);
    std::string tag = "cu" + fields->cuda.value().to_string();
    std::erase(tag, '.');
    EXPECT_EQ(tag, row.cuda);
    EXPECT_EQ(fields->cxx11_abi, row.abi_label == "TRUE");
    EXPECT_THAT(fields->file.python_tags, ::testing::ElementsAre(row.python_tag));
    EXPECT_THAT(fields->file.platform_tags, ::testing::ElementsAre(row.platform));
    ++judged;
  }
  EXPECT_GT(judged, 4000U);
}

}  // namespace
}  // namespace wheelfit::catalog
