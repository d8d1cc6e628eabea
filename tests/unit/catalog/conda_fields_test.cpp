// SPDX-License-Identifier: Apache-2.0
#include "catalog/conda_fields.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wheelfit::catalog {
namespace {

index::CondaRecord record(std::vector<std::string> depends) {
  index::CondaRecord record;
  record.file_name = "flash-attn-2.8.3-py312_5.conda";
  record.name = "flash-attn";
  record.version = "2.8.3";
  record.build = "py312_5";
  record.build_number = 5;
  record.depends = std::move(depends);
  return record;
}

// As conda-forge's feedstock pins them.
const std::vector<std::string> usual{
    "__glibc >=2.28,<3.0.a0",  "cuda-version >=12.9,<13",   "einops",          "libtorch >=2.7.1,<2.8.0a0",
    "python >=3.12,<3.13.0a0", "python_abi 3.12.* *_cp312", "pytorch * cuda*", "pytorch >=2.7.1,<2.8.0a0"};

TEST(CondaFields, AreThoseOfItsDependencies) {
  const auto candidate = conda_candidate(record(usual), "linux-64");
  ASSERT_TRUE(candidate);
  EXPECT_EQ(candidate->name, "flash-attn-2.8.3-py312_5.conda");
  EXPECT_EQ(candidate->fields.version.to_string(), "2.8.3");
  EXPECT_THAT(candidate->fields.file.python_tags, testing::ElementsAre("cp312"));
  EXPECT_THAT(candidate->fields.file.abi_tags, testing::ElementsAre("cp312"));
  EXPECT_THAT(candidate->fields.file.platform_tags, testing::ElementsAre("linux_x86_64"));
  EXPECT_EQ(candidate->fields.torch->to_string(), "2.7");
  EXPECT_EQ(candidate->fields.cuda->to_string(), "12");
  EXPECT_EQ(candidate->knowledge->glibc->value.to_string(), "2.28");
  EXPECT_TRUE(candidate->knowledge->glibc_certain);
  EXPECT_EQ(candidate->release_order, 5);
}

TEST(CondaFields, WithoutThePythonAbiThePythonItselfSaysIt) {
  const auto tags = [](std::vector<std::string> depends) {
    return conda_candidate(record(std::move(depends)), "linux-aarch64")
        ->fields.file.tags()
        .front()
        .to_string();
  };
  EXPECT_EQ(tags({"python >=3.11,<3.12.0a0"}), "cp311-cp311-linux_aarch64");
  EXPECT_EQ(tags({"python 3.10.*"}), "cp310-cp310-linux_aarch64");
  EXPECT_EQ(tags({"python_abi 3.13.* *_cp313t"}), "cp313-cp313t-linux_aarch64");
  EXPECT_EQ(tags({"python >=3.9"}), "py3-none-linux_aarch64");
  EXPECT_EQ(tags({}), "py3-none-linux_aarch64");
}

TEST(CondaFields, ATorchIsNamedOnlyWhereItIsOneMinor) {
  const auto torch = [](const char* depends) -> std::string {
    const auto candidate = conda_candidate(record({depends}), "linux-64");
    return candidate->fields.torch ? candidate->fields.torch->to_string() : "none";
  };
  EXPECT_EQ(torch("pytorch 2.6.*"), "2.6");
  EXPECT_EQ(torch("pytorch ==2.6.0 cuda126*"), "2.6");
  EXPECT_EQ(torch("libtorch >=2.6.0,<2.7.0a0"), "2.6");
  EXPECT_EQ(torch("pytorch >=2.5"), "none");
  EXPECT_EQ(torch("pytorch >=2.5,<3"), "none");
  EXPECT_EQ(torch("pytorch"), "none");
  EXPECT_EQ(torch("pytorch-lightning 2.6.*"), "none");
}

TEST(CondaFields, OfANoarchPackageThePythonIsARange) {
  auto noarch = record({"python >=3.9"});
  noarch.noarch = "python";
  const auto candidate = conda_candidate(noarch, "noarch");
  ASSERT_TRUE(candidate);
  EXPECT_EQ(candidate->fields.file.tags().front().to_string(), "py3-none-any");
  EXPECT_EQ(candidate->requires_python->to_string(), ">=3.9");
}

TEST(CondaFields, AVersionThatIsNoneOfPythonsIsLeftOut) {
  auto odd = record({});
  odd.version = "2024a_x!";
  EXPECT_FALSE(conda_candidate(odd, "linux-64"));
}

}  // namespace
}  // namespace wheelfit::catalog
