// SPDX-License-Identifier: Apache-2.0
#include "proof/fatbin_decompressor.hpp"

#include <lz4.h>
#include <zstd.h>

#include "support/fatbin_builder.hpp"

namespace wheelfit::proof {
namespace {

using binary::Compression;
using ::testing::ElementsAre;

constexpr std::uint64_t flag_lz4 = 0x2000, flag_zstd = 0x8000;

std::string zstd_of(const std::string& raw) {
  std::string stored(ZSTD_compressBound(raw.size()), '\0');
  stored.resize(ZSTD_compress(stored.data(), stored.size(), raw.data(), raw.size(), 3));
  return stored;
}

std::string lz4_of(const std::string& raw) {
  const auto size = static_cast<int>(raw.size());
  std::string stored(static_cast<std::size_t>(LZ4_compressBound(size)), '\0');
  stored.resize(static_cast<std::size_t>(
      LZ4_compress_default(raw.data(), stored.data(), size, static_cast<int>(stored.size()))));
  return stored;
}

TEST(FatbinDecompressor, OpensBothFormatsOfNvcc) {
  const std::string code = test::cubin("_Z5scalePff", "sm_90a");
  const std::string ptx = ".version 8.7\n.target sm_80\n.visible .entry scale()\n{ ret; }\n";
  test::FatbinEntry by_zstd{2, 90, flag_zstd | 0x100000, zstd_of(code)};
  test::FatbinEntry by_lz4{1, 80, flag_lz4, lz4_of(ptx)};
  by_zstd.raw_size = code.size();
  by_lz4.raw_size = ptx.size();
  const std::string object = test::elf_with_section(".nv_fatbin", test::fatbin_container({by_zstd, by_lz4}));
  const auto listing =
      binary::list_fatbins(std::as_bytes(std::span(object)), binary::Depth::payloads, fatbin_decompressor());
  ASSERT_EQ(listing.containers.size(), 1U);
  const auto& images = listing.containers[0].images;
  ASSERT_EQ(images.size(), 2U);
  EXPECT_EQ(images[0].compression, Compression::zstd);
  EXPECT_TRUE(images[0].suffix_confirmed);
  EXPECT_THAT(binary::kernel_names(images[0], fatbin_decompressor()), ElementsAre("_Z5scalePff"));
  EXPECT_EQ(images[1].compression, Compression::lz4);
  EXPECT_THAT(binary::kernel_names(images[1], fatbin_decompressor()), ElementsAre("scale"));
}

TEST(FatbinDecompressor, LeavesClosedWhatIsDamaged) {
  test::FatbinEntry entry{2, 90, flag_zstd, "no zstd frame"};
  entry.raw_size = 100;
  const std::string object = test::elf_with_section(".nv_fatbin", test::fatbin_container({entry}));
  const auto listing =
      binary::list_fatbins(std::as_bytes(std::span(object)), binary::Depth::payloads, fatbin_decompressor());
  ASSERT_EQ(listing.containers.size(), 1U);
  EXPECT_EQ(listing.containers[0].images.at(0).has_code, std::nullopt);
}

}  // namespace
}  // namespace wheelfit::proof
