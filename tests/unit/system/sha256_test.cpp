// SPDX-License-Identifier: Apache-2.0
#include "system/sha256.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/temp_dir.hpp"

namespace wheelfit::system {
namespace {

// The examples of FIPS 180-4.
TEST(Sha256Test, KnowsTheStandardsExamples) {
  EXPECT_EQ(to_hex(sha256_of("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256_of("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256Test, WritesDigestsAsRecordDoes) {
  EXPECT_EQ(to_urlsafe_base64(sha256_of("")), "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU");
}

TEST(Sha256Test, TakesPiecesAndBeginsAnew) {
  Sha256 hash;
  const std::string text = "abc";
  for (int round = 0; round < 2; ++round) {
    for (const char& c : text) hash.update(std::as_bytes(std::span(&c, 1)));
    EXPECT_EQ(hash.finish(), sha256_of("abc"));
  }
}

TEST(Sha256Test, ReadsFiles) {
  const test::TempDir directory;
  const std::string content(600'000, 'a');
  EXPECT_EQ(sha256_of_file(directory.write("a", content)), sha256_of(content));
  EXPECT_THROW(sha256_of_file(directory / "none"), Error);
  EXPECT_THROW(sha256_of_file(directory.path()), Error);
}

}  // namespace
}  // namespace wheelfit::system
