// SPDX-License-Identifier: Apache-2.0
#include "binary/fatbin.hpp"

#include "support/fatbin_builder.hpp"

namespace wheelfit::binary {
namespace {

using test::cubin;
using test::elf_with_section;
using test::fatbin_container;
using test::FatbinEntry;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::uint64_t base_flags = 0x11, flag_a = 0x100000, flag_f = 0x200000, flag_lz4 = 0x2000,
                        flag_zstd = 0x8000;

std::span<const std::byte> bytes(const std::string& text) { return std::as_bytes(std::span(text)); }

// The only image of the only container.
FatbinImage only_image(const FatbinListing& listing) {
  EXPECT_THAT(listing.containers, SizeIs(1));
  EXPECT_THAT(listing.containers.at(0).images, SizeIs(1));
  return listing.containers.at(0).images.at(0);
}

FatbinImage listed(const FatbinEntry& entry) {
  static std::string object;  // the image's payload points into it
  object = elf_with_section(".nv_fatbin", fatbin_container({entry}));
  return only_image(list_fatbins(bytes(object)));
}

TEST(Fatbin, ListsEveryContainerApart) {
  const std::string object =
      elf_with_section(".nv_fatbin", fatbin_container({{2, 80, base_flags, cubin("k", "sm_80")},
                                                       {1, 90, base_flags | flag_zstd, "zzzz", 8, 7, 100}}) +
                                         std::string(16, '\0') +
                                         fatbin_container({{2, 90, base_flags, cubin("k2", "sm_90")}}));
  const FatbinListing listing = list_fatbins(bytes(object));
  ASSERT_THAT(listing.containers, SizeIs(2));
  EXPECT_FALSE(listing.scanned);
  EXPECT_THAT(listing.damage, IsEmpty());
  const FatbinImage& sass = listing.containers[0].images.at(0);
  EXPECT_EQ(sass.kind, ImageKind::cubin);
  EXPECT_EQ(to_string(sass.arch), "80");
  EXPECT_EQ(sass.compression, Compression::none);
  const FatbinImage& ptx = listing.containers[0].images.at(1);
  EXPECT_EQ(ptx.kind, ImageKind::ptx);
  EXPECT_EQ(ptx.version_major, 8U);
  EXPECT_EQ(ptx.version_minor, 7U);
  EXPECT_EQ(ptx.compression, Compression::zstd);
  EXPECT_EQ(ptx.raw_size, 100U);
  EXPECT_EQ(ptx.stored.size(), 4U);
  EXPECT_EQ(ptx.has_code, std::nullopt);
}

TEST(Fatbin, KeepsRelocatableContainersApart) {
  const std::string object =
      elf_with_section("__nv_relfatbin", fatbin_container({{2, 80, base_flags, cubin("k", "sm_80")}}));
  EXPECT_TRUE(list_fatbins(bytes(object)).containers.at(0).relocatable);
}

TEST(Fatbin, ConfirmsTheSuffixByASecondWitness) {
  const FatbinImage specific = listed({2, 90, base_flags | flag_a, cubin("k", "sm_90a")});
  EXPECT_EQ(to_string(specific.arch), "90a");
  EXPECT_TRUE(specific.suffix_confirmed);
  const FatbinImage family = listed({2, 100, base_flags | flag_f, cubin("k", "sm_100f")});
  EXPECT_EQ(to_string(family.arch), "100f");
  EXPECT_TRUE(family.suffix_confirmed);
  const FatbinImage contradictory = listed({2, 90, base_flags, cubin("k", "sm_90a")});
  EXPECT_EQ(contradictory.arch.suffix, ArchSuffix::unknown);
  EXPECT_FALSE(contradictory.suffix_confirmed);
  const FatbinImage both = listed({2, 90, base_flags | flag_a | flag_f, ""});
  EXPECT_EQ(both.arch.suffix, ArchSuffix::unknown);
}

TEST(Fatbin, TakesTheFlagsOfOlderCubinsAsWitness) {
  const FatbinImage old_a = listed({2, 90, base_flags | flag_a, cubin("k", "", 7, 0x00550800U | 90U), 1, 7});
  EXPECT_EQ(to_string(old_a.arch), "90a");
  EXPECT_TRUE(old_a.suffix_confirmed);
  const FatbinImage differs =
      listed({2, 90, base_flags | flag_a, cubin("k", "", 7, 0x00550000U | 90U), 1, 7});
  EXPECT_EQ(differs.arch.suffix, ArchSuffix::unknown);
  const FatbinImage silent = listed({2, 90, base_flags, cubin("k", "", 8, 0x06005a04U)});
  EXPECT_EQ(to_string(silent.arch), "90");
  EXPECT_FALSE(silent.suffix_confirmed);
}

TEST(Fatbin, ReadsRawPtx) {
  const FatbinImage image =
      listed({1, 90, base_flags | flag_a, ".version 8.7\n.target sm_90a\n.visible .entry scale(\n)", 8, 7});
  EXPECT_TRUE(image.suffix_confirmed);
  EXPECT_EQ(image.has_code, true);
  EXPECT_THAT(kernel_names(image), ElementsAre("scale"));
}

TEST(Fatbin, TellsLinkStubs) {
  const std::string object = elf_with_section(
      ".nv_fatbin",
      fatbin_container({{2, 80, base_flags, cubin("", "sm_80")}, {2, 90, base_flags, cubin("", "sm_90")}}) +
          fatbin_container({{2, 80, base_flags, cubin("k", "sm_80")}}));
  const auto containers = list_fatbins(bytes(object)).containers;
  ASSERT_THAT(containers, SizeIs(2));
  EXPECT_TRUE(containers[0].is_link_stub());
  EXPECT_FALSE(containers[1].is_link_stub());
  EXPECT_FALSE(list_fatbins(bytes(object), Depth::headers).containers[0].is_link_stub())
      << "headers do not tell";
}

TEST(Fatbin, NamesKernelsAndAsksTheDecompressorWhereNeeded) {
  EXPECT_THAT(kernel_names(listed({2, 80, base_flags, cubin("_Z5scalePff", "sm_80")})),
              ElementsAre("_Z5scalePff"));
  const std::string raw = cubin("packed", "sm_80");
  const FatbinImage image = listed({2, 80, base_flags | flag_lz4, "LZ4!", 1, 8, raw.size()});
  EXPECT_THAT(kernel_names(image), IsEmpty());
  const Decompressor decompress = [&](Compression how, std::span<const std::byte> stored,
                                      std::uint64_t size) {
    EXPECT_EQ(how, Compression::lz4);
    EXPECT_EQ(stored.size(), 4U);
    EXPECT_EQ(size, raw.size());
    const auto span = bytes(raw);
    return std::optional(std::vector(span.begin(), span.end()));
  };
  EXPECT_THAT(kernel_names(image, decompress), ElementsAre("packed"));
}

TEST(Fatbin, DoesNotBelieveIncredibleSizes) {
  const FatbinImage image = listed({2, 80, base_flags | flag_zstd, "zstd", 1, 8, std::uint64_t{1} << 40});
  bool asked = false;
  const Decompressor decompress = [&](Compression, std::span<const std::byte>, std::uint64_t) {
    asked = true;
    return std::optional<std::vector<std::byte>>{};
  };
  EXPECT_EQ(image_bytes(image, decompress), std::nullopt);
  EXPECT_FALSE(asked);
}

TEST(Fatbin, SearchesForContainersWithoutASectionTable) {
  std::string object(40, '\0');
  object += fatbin_container({{2, 86, base_flags, cubin("k", "sm_86")}});
  object += std::string("\x50\xED\x55\xBA", 4) + std::string(60, '\xff');  // just a number
  const FatbinListing listing = list_fatbins(bytes(object));
  EXPECT_TRUE(listing.scanned);
  EXPECT_EQ(to_string(only_image(listing).arch), "86");
  EXPECT_EQ(listing.containers.at(0).offset, 40U);
  EXPECT_THAT(listing.damage, IsEmpty());
}

TEST(Fatbin, ReportsDamageAndReadsTheRest) {
  std::string broken = fatbin_container({{2, 80, base_flags, "12345678"}});
  broken[16 + 8] = '\x7f';  // the entry's padded size
  const std::string object =
      elf_with_section(".nv_fatbin", broken + fatbin_container({{2, 90, base_flags, cubin("k", "sm_90")}}));
  const FatbinListing listing = list_fatbins(bytes(object));
  ASSERT_THAT(listing.damage, SizeIs(1));
  EXPECT_THAT(listing.damage[0], HasSubstr("runs past its end"));
  ASSERT_THAT(listing.containers, SizeIs(2));
  EXPECT_THAT(listing.containers[1].images, SizeIs(1));
}

TEST(Fatbin, FindsNothingInNothing) {
  EXPECT_THAT(list_fatbins({}).containers, IsEmpty());
  EXPECT_THAT(list_fatbins(bytes(std::string("hello"))).containers, IsEmpty());
}

}  // namespace
}  // namespace wheelfit::binary
