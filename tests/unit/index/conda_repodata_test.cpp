// SPDX-License-Identifier: Apache-2.0
#include "index/conda_repodata.hpp"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wheelfit::index {
namespace {

tl::expected<CondaRepodata, ParseError> parse(const std::string& text) {
  std::istringstream stream(text);
  return parse_conda_repodata(stream, "flash-attn");
}

const std::string whole = R"({
  "info": {"subdir": "linux-64", "base_url": "../files/"},
  "packages": {
    "flash-attn-2.7.4-py311_0.tar.bz2": {"version": "2.7.4", "build": "py311_0", "build_number": 0,
      "depends": ["python >=3.11", "pytorch >=2.5"], "name": "flash-attn", "md5": "x", "size": 12,
      "track_features": {"name": "no package", "depends": ["none"]}},
    "zlib-1.3-0.tar.bz2": {"name": "zlib", "version": "1.3", "build": "0", "depends": ["a"]}
  },
  "packages.conda": {
    "flash-attn-fused-dense-2.8.3-py312_5.conda": {"name": "flash-attn-fused-dense", "version": "2.8.3", "build": "py312_5"},
    "flash-attn-2.8.3-py312_5.conda": {"name": "flash-attn", "version": "2.8.3", "build": "py312_5", "build_number": 5,
      "sha256": "ab", "size": 400000000000, "noarch": "python", "license": null, "timestamp": 1.5}
  },
  "removed": ["flash-attn-2.0.0-0.conda"], "repodata_version": 2})";

TEST(CondaRepodata, HoldsTheRowsOfOnePackageFromBothSections) {
  const auto repodata = parse(whole);
  ASSERT_TRUE(repodata);
  EXPECT_EQ(repodata->base_url, "../files/");
  ASSERT_EQ(repodata->records.size(), 2U);
  const CondaRecord& old = repodata->records[0];
  EXPECT_EQ(old.file_name, "flash-attn-2.7.4-py311_0.tar.bz2");
  EXPECT_THAT(old.depends, testing::ElementsAre("python >=3.11", "pytorch >=2.5"));
  EXPECT_EQ(old.size, 12U);
  EXPECT_EQ(old.sha256, "");
  const CondaRecord& recent = repodata->records[1];
  EXPECT_EQ(recent.build, "py312_5");
  EXPECT_EQ(recent.build_number, 5);
  EXPECT_EQ(recent.size, 400000000000U);
  EXPECT_EQ(recent.noarch, "python");
  EXPECT_TRUE(recent.depends.empty());
}

TEST(CondaRepodata, WhatIsKeptReadsLikeWhatCame) {
  const auto repodata = parse(whole);
  ASSERT_TRUE(repodata);
  const auto again = parse(write_conda_repodata(*repodata));
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, *repodata);
}

TEST(CondaRepodata, AnEmptyChannelIsOne) {
  const auto repodata = parse(R"({"packages": {}, "packages.conda": {}})");
  ASSERT_TRUE(repodata);
  EXPECT_TRUE(repodata->records.empty());
}

TEST(CondaRepodata, AnythingElseIsAnError) {
  for (const std::string& text : {std::string(), std::string("{}"), std::string("[1]"), std::string("<html>"),
                                  whole.substr(0, 700), std::string(R"({"packages": 3})")})
    EXPECT_FALSE(parse(text)) << text.substr(0, 40);
}

}  // namespace
}  // namespace wheelfit::index
