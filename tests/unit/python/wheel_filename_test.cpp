// SPDX-License-Identifier: Apache-2.0
#include "python/wheel_filename.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wheelfit::python {
namespace {

using testing::ElementsAre;

TEST(WheelFilename, IsTakenApart) {
  const auto wheel = WheelFilename::parse(
                         "flash_attn-2.5.3+cu122torch2.2cxx11abiFALSE-cp311-cp311-"
                         "manylinux_2_24_x86_64.manylinux_2_28_x86_64.whl")
                         .value();
  EXPECT_EQ(wheel.name, "flash_attn");
  EXPECT_EQ(wheel.version.to_string(), "2.5.3+cu122torch2.2cxx11abifalse");
  EXPECT_EQ(wheel.version_text, "2.5.3+cu122torch2.2cxx11abiFALSE");
  EXPECT_EQ(wheel.build, "");
  EXPECT_THAT(wheel.python_tags, ElementsAre("cp311"));
  EXPECT_THAT(wheel.abi_tags, ElementsAre("cp311"));
  EXPECT_THAT(wheel.platform_tags, ElementsAre("manylinux_2_24_x86_64", "manylinux_2_28_x86_64"));
}

TEST(WheelFilename, MayHoldABuildTag) {
  const auto wheel = WheelFilename::parse("a-1.0-2_local-py3-none-any.whl").value();
  EXPECT_EQ(wheel.build, "2_local");
  EXPECT_THAT(wheel.tags(), ElementsAre(Tag{"py3", "none", "any"}));
}

TEST(WheelFilename, MayHoldUnderscoresInTheLocalLabel) {
  const auto wheel = WheelFilename::parse("xformers-0.0.30+cu_12_8-cp39-abi3-linux_x86_64.whl").value();
  EXPECT_EQ(wheel.version.local(), "cu.12.8");
  EXPECT_EQ(wheel.version_text, "0.0.30+cu_12_8");
}

TEST(WheelFilename, ExpandsTheProductOfItsTags) {
  const auto wheel = WheelFilename::parse("six-1.16.0-py2.PY3-none-any.whl").value();
  EXPECT_THAT(wheel.tags(), ElementsAre(Tag{"py2", "none", "any"}, Tag{"py3", "none", "any"}));
  const auto both = WheelFilename::parse("a-1-cp37.cp38-abi3.none-win32.win_amd64.whl").value();
  EXPECT_THAT(both.tags(), testing::SizeIs(8));
}

class MalformedWheelFilenameTest : public testing::TestWithParam<std::string_view> {};

TEST_P(MalformedWheelFilenameTest, IsAnError) { EXPECT_FALSE(WheelFilename::parse(GetParam())); }

INSTANTIATE_TEST_SUITE_P(
    WheelFilename, MalformedWheelFilenameTest,
    testing::Values("", ".whl", "a-1.0.tar.gz", "a-1.0-py3-none-any.WHL", "a-1.0-py3-none-any",
                    "a-1.0-none-any.whl", "a-1.0-1-2-py3-none-any.whl", "-1.0-py3-none-any.whl",
                    "a__b-1.0-py3-none-any.whl", "a b-1.0-py3-none-any.whl", "../a-1.0-py3-none-any.whl",
                    "a-one-py3-none-any.whl", "a-1.0-x1-py3-none-any.whl", "a-1.0--py3-none-any.whl",
                    "a-1.0-py2..py3-none-any.whl", "a-1.0-py3--any.whl", "a-1.0-py3-none-.whl",
                    "a-1.0-py3-none-a%20y.whl", "a-1.0-3.py3-none-any.whl", "a-1.0 -py3-none-any.whl",
                    "a-1.0-py3-none-an/y.whl"));

}  // namespace
}  // namespace wheelfit::python
