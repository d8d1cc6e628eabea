// SPDX-License-Identifier: Apache-2.0
#include "catalog/known_rows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalog/knowledge.hpp"
#include "catalog/recipe_reader.hpp"

namespace wheelfit::catalog {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Recipe recipe_with(const std::string& rows) {
  return read_recipe("name = \"x\"\n" + rows, "packages/x.toml");
}

WheelFields fields_of(const std::string& name) { return parse_wheel_fields(name).value(); }

TEST(KnownRows, ALaterRowOverridesKeyByKey) {
  const Recipe recipe = recipe_with(
      "[[known]]\nwhen = { }\nglibc = \"2.31\"\ncxx11_abi = false\nremark = \"one\"\nsource = \"a\"\n"
      "[[known]]\nwhen = { version = \">=2\" }\nglibc = \"2.32\"\nglibc_certain = true\nremark = "
      "\"two\"\nsource = \"b\"\n");
  KnownRows rows(recipe);
  const WheelKnowledge& old = *rows.about(fields_of("x-1.0-cp39-cp39-linux_x86_64.whl"), "", "");
  EXPECT_EQ(old.glibc->source, "a");
  EXPECT_FALSE(old.glibc_certain);
  const WheelKnowledge& later = *rows.about(fields_of("x-2.0-cp39-cp39-linux_x86_64.whl"), "", "");
  EXPECT_EQ(later.glibc->value.to_string(), "2.32");
  EXPECT_EQ(later.glibc->source, "b");
  EXPECT_TRUE(later.glibc_certain);
  EXPECT_EQ(later.cxx11_abi->value, false);
  EXPECT_EQ(later.remarks.size(), 2U);
}

// Every condition of a row alone: one wheel that meets it, one that does not.
struct Condition {
  const char* when;
  const char* meets;
  const char* fails;
};

class KnownRowCondition : public ::testing::TestWithParam<Condition> {};

TEST_P(KnownRowCondition, Decides) {
  const Recipe recipe = recipe_with(std::string("[[known]]\nwhen = { ") + GetParam().when +
                                    " }\nbad = \"b\"\nsource = \"s\"\n");
  KnownRows rows(recipe);
  EXPECT_TRUE(rows.about(fields_of(GetParam().meets), "official", "v1")->bad);
  EXPECT_FALSE(rows.about(fields_of(GetParam().fails), "official", "v1")->bad);
}

INSTANTIATE_TEST_SUITE_P(
    All, KnownRowCondition,
    ::testing::Values(
        Condition{"version = \"==2.8.*\"", "x-2.8.1-cp39-cp39-any.whl", "x-2.9-cp39-cp39-any.whl"},
        Condition{"torch = \">=2.6\"", "x-1+torch2.6-cp39-cp39-any.whl", "x-1+torch2.5-cp39-cp39-any.whl"},
        Condition{"torch = \">=2.6\"", "x-1+torch2.10-cp39-cp39-any.whl", "x-1-cp39-cp39-any.whl"},
        Condition{"cuda = \"<=12.4\"", "x-1+cu124-cp39-cp39-any.whl", "x-1+cu126-cp39-cp39-any.whl"},
        Condition{"cuda = \"==12.*\"", "x-1+cu12-cp39-cp39-any.whl", "x-1-cp39-cp39-any.whl"},
        Condition{"cxx11_abi_label = false", "x-1+cxx11abiFALSE-cp39-cp39-any.whl", "x-1-cp39-cp39-any.whl"},
        Condition{"python = [\"cp39\", \"cp310\"]", "x-1-cp310-cp310-any.whl", "x-1-cp311-cp311-any.whl"},
        Condition{"platform = \"manylinux*_x86_64\"", "x-1-cp39-cp39-linux_x86_64.manylinux_2_28_x86_64.whl",
                  "x-1-cp39-cp39-linux_x86_64.whl"}));

TEST(KnownRows, AskForSourceAndRelease) {
  const Recipe recipe = recipe_with(
      "[[known]]\nwhen = { source = \"official\", release = \"v1\" }\nbad = \"b\"\nsource = \"s\"\n");
  KnownRows rows(recipe);
  const WheelFields fields = fields_of("x-1-cp39-cp39-any.whl");
  EXPECT_TRUE(rows.about(fields, "official", "v1")->bad);
  EXPECT_FALSE(rows.about(fields, "official", "v2")->bad);
  EXPECT_FALSE(rows.about(fields, "index", "v1")->bad);
}

class FlashAttention : public ::testing::Test {
 protected:
  const WheelKnowledge& about(const std::string& label, const std::string& source = "official",
                              const std::string& tags = "cp311-cp311-linux_x86_64") {
    return *rows_.about(fields_of("flash_attn-" + label + "-" + tags + ".whl"), source, "");
  }

  Knowledge knowledge_ = load_knowledge(std::nullopt);
  KnownRows rows_{*knowledge_.find("flash-attn")};
};

TEST_F(FlashAttention, LabelledFalseButBuiltTrue) {
  EXPECT_THAT(about("2.8.3+cu12torch2.6cxx11abiFALSE").bad->value, HasSubstr("labelled cxx11abiFALSE"));
  EXPECT_EQ(about("2.8.3+cu12torch2.6cxx11abiFALSE").cxx11_abi->value, true);
  EXPECT_FALSE(about("2.8.3+cu12torch2.6cxx11abiTRUE").bad);
  EXPECT_FALSE(about("2.7.4.post1+cu12torch2.6cxx11abiFALSE").bad);
  EXPECT_FALSE(about("2.8.3+cu12torch2.7cxx11abiFALSE").bad);
  EXPECT_EQ(about("2.8.3+cu12torch2.7cxx11abiFALSE").cxx11_abi->value, true);
  EXPECT_FALSE(about("2.8.3+cu12torch2.5cxx11abiFALSE").cxx11_abi);
}

TEST_F(FlashAttention, AbiOfWheelsWithoutALabel) {
  EXPECT_EQ(about("2.8.3+cu124torch2.5", "mjun0812").cxx11_abi->value, false);
  EXPECT_EQ(about("2.8.3+cu124torch2.6", "mjun0812").cxx11_abi->value, false);
  EXPECT_EQ(about("2.7.4+cu118torch2.6", "mjun0812").cxx11_abi->value, false);
  EXPECT_EQ(about("2.8.3+cu128torch2.6", "mjun0812").cxx11_abi->value, true);
  EXPECT_EQ(about("2.8.3+cu130torch2.10", "mjun0812").cxx11_abi->value, true);
  EXPECT_EQ(about("2.8.3+cu126torch2.5", "mjun0812", "cp312-cp312-linux_aarch64").cxx11_abi->value, true);
  EXPECT_FALSE(about("2.8.3+cu126torch2.8", "mjun0812", "cp312-cp312-win_amd64").cxx11_abi);
}

TEST_F(FlashAttention, Glibc) {
  EXPECT_EQ(about("2.5.8+cu122torch2.3cxx11abiFALSE").glibc->value.to_string(), "2.31");
  EXPECT_FALSE(about("2.5.8+cu122torch2.3cxx11abiFALSE").glibc_certain);
  EXPECT_EQ(about("2.7.4.post1+cu12torch2.6cxx11abiFALSE").glibc->value.to_string(), "2.31");
  EXPECT_EQ(about("2.7.4.post1+cu12torch2.7cxx11abiTRUE").glibc->value.to_string(), "2.32");
  EXPECT_TRUE(about("2.8.3+cu12torch2.8cxx11abiTRUE").glibc_certain);
  const std::string manylinux = "cp312-cp312-manylinux_2_24_x86_64.manylinux_2_28_x86_64";
  EXPECT_EQ(about("2.8.3+cu128torch2.8", "mjun0812", manylinux).glibc->value.to_string(), "2.28");
  EXPECT_EQ(
      about("2.8.3+cu128torch2.9", "mjun0812", "cp312-cp312-manylinux_2_34_aarch64").glibc->value.to_string(),
      "2.34");
}

TEST_F(FlashAttention, Kernels) {
  EXPECT_THAT(about("2.5.3+cu122torch2.2cxx11abiFALSE").sass->value, ElementsAre("sm_80", "sm_90"));
  EXPECT_THAT(about("2.2.4+cu122torch2.1cxx11abiFALSE").sass->value, ElementsAre("sm_80"));
  EXPECT_THAT(about("2.3.5+cu117torch2.0cxx11abiFALSE").sass->value, ElementsAre("sm_80"));
  EXPECT_THAT(about("2.7.3+cu12torch2.5cxx11abiFALSE").sass->value, ElementsAre("sm_80", "sm_90"));
  EXPECT_FALSE(about("2.7.4.post1+cu12torch2.7cxx11abiTRUE").sass) << "nobody wrote down which nvcc built it";
  EXPECT_THAT(about("2.8.1+cu13torch2.10cxx11abiTRUE").sass->value,
              ElementsAre("sm_80", "sm_90", "sm_100", "sm_120"));
  EXPECT_THAT(about("2.8.3+cu126torch2.8", "mjun0812").sass->value, ElementsAre("sm_80", "sm_90"));
  EXPECT_THAT(about("2.8.3+cu128torch2.8", "mjun0812").sass->value,
              ElementsAre("sm_80", "sm_90", "sm_100", "sm_120"));
  EXPECT_THAT(about("2.6.3+cu128torch2.8", "mjun0812").sass->value, ElementsAre("sm_80", "sm_90"));
  EXPECT_THAT(about("1.0.9+cu118torch2.0", "mjun0812").sass->value, ElementsAre("sm_75", "sm_80", "sm_90"));
}

TEST_F(FlashAttention, Nightlies) {
  EXPECT_EQ(about("2.5.3+cu122torch2.3cxx11abiFALSE").nightly->value, "2.3.0.dev20240126");
  EXPECT_FALSE(about("2.5.3+cu122torch2.2cxx11abiFALSE").nightly);
  EXPECT_EQ(about("2.3.1+cu122torch2.1cxx11abiFALSE").nightly->value, "2.1.0.dev20230731");
  EXPECT_FALSE(about("2.3.1.post1+cu122torch2.1cxx11abiFALSE").nightly);
  EXPECT_EQ(about("2.7.3+cu12torch2.6cxx11abiFALSE").nightly->value, "2.6.0.dev20241001");
  EXPECT_FALSE(about("2.7.4.post1+cu12torch2.6cxx11abiFALSE").nightly);
  EXPECT_FALSE(about("2.5.3+cu122torch2.3", "mjun0812").nightly);
}

}  // namespace
}  // namespace wheelfit::catalog
