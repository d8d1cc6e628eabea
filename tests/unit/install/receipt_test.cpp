// SPDX-License-Identifier: Apache-2.0
#include "install/receipt.hpp"

#include <gtest/gtest.h>

namespace wheelfit::install {
namespace {

TEST(Receipt, SurvivesTheWayThroughJson) {
  const Receipt receipt{.distribution = "flash-attn",
                        .version = "2.6.3",
                        .wheel = "flash_attn-2.6.3-cp311-cp311-linux_x86_64.whl",
                        .url = "https://files.example/x.whl",
                        .source = "official",
                        .sha256 = "ab",
                        .size = 187000000,
                        .bundle = BundleMark{"flash.bundle", "cd"},
                        .files = 120,
                        .installed_bytes = 500000000,
                        .python = "3.11.7",
                        .torch = "2.4.0+cu121",
                        .torch_cuda = "12.1",
                        .wheelfit_version = "0.1.0",
                        .installed_at = "2026-01-01T00:00:00Z",
                        .proofs = {{"import", true, "it imports", "2026-01-01T00:00:01Z"}}};
  const std::string json = receipt_to_json(receipt);
  const auto read = receipt_from_json(json);
  ASSERT_TRUE(read);
  EXPECT_EQ(receipt_to_json(*read), json);
  EXPECT_EQ(read->size, 187000000U);
  EXPECT_EQ(read->bundle, receipt.bundle);
  ASSERT_EQ(read->proofs.size(), 1U);
  EXPECT_TRUE(read->proofs[0].passed);
}

TEST(Receipt, IsNotReadFromAnythingElse) {
  for (const char* text : {"", "null", "[]", "{}", "{\"schema_version\": 2, \"distribution\": \"x\"}",
                           "{\"schema_version\": 1}", "{\"schema_version\": 1, \"distribution\": 5}"}) {
    EXPECT_FALSE(receipt_from_json(text)) << text;
  }
}

TEST(Receipt, LeavesFieldsOfAnotherTypeEmpty) {
  const auto read = receipt_from_json(
      R"({"schema_version": 1, "distribution": "x", "size": "many", "torch": 2, "proofs": [1, {"kind": "gpu"}]})");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->size, 0U);
  EXPECT_EQ(read->torch, "");
  ASSERT_EQ(read->proofs.size(), 1U);
  EXPECT_FALSE(read->proofs[0].passed);
}

}  // namespace
}  // namespace wheelfit::install
